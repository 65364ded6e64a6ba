import ServiceKit
import Testing

struct CommandLineTests {
    @Test func `without a command the service serves`() throws {
        #expect(try CommandLineInput([]).command == .serve)
        #expect(try CommandLineInput(["migrate"]).command == .migrate)
        #expect(try CommandLineInput(["--help"]).command == .help)
        #expect(try CommandLineInput(["serve", "-h"]).command == .help)
        #expect(try CommandLineInput(["--version"]).command == .version)
    }

    @Test func `a value may follow or stand behind an equals sign, and may hold one`() throws {
        let input = try CommandLineInput(["serve", "--a", "1", "--b=x=y", "--config", "f.json", "--c", "-5"])
        #expect(input.values == ["--a": "1", "--b": "x=y", "--c": "-5"])
        #expect(input.configurationFile == "f.json")
    }

    @Test func `a flag may stand alone`() throws {
        let input = try CommandLineInput(["--on", "--off", "false", "--a", "1"], flags: ["--on", "--off"])
        #expect(input.values == ["--on": "true", "--off": "false", "--a": "1"])
    }

    @Test(arguments: [["sreve"], ["serve", "extra"], ["--a"], ["--a", "--b", "1"]])
    func `what cannot be understood is refused`(_ arguments: [String]) {
        #expect(throws: CommandLineInput.Fault.self) { try CommandLineInput(arguments) }
    }
}
