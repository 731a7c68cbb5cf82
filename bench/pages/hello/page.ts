// The script of every contender's smallest app: its own hello/page.ts.
import 'virtual:page'
