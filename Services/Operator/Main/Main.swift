import Operator

@main
struct Main {
    static func main() async { await OperatorMain.run() }
}
