import Foundation
import Models
import ServiceKit
import Testing

struct SettingsTests {
    private static let descriptions: [SettingDescription] = [
        .integer("http.port", in: 1...65535, default: 8100, BilingualText("端口", "port")),
        .text("kafka.bootstrapServers", isRequired: true, BilingualText("代理", "brokers")),
        .text("county", BilingualText("县", "county")),
        .duration(
            "http.requestTimeout", in: .seconds(1)...(.seconds(60)), default: .seconds(30), BilingualText("时限", "limit")
        ),
        .flag("demo.isOn", default: false, BilingualText("开关", "switch")),
        .choice("log.level", of: ["info", "debug"], default: "info", BilingualText("级别", "level")),
        .secret("database.url", isRequired: false, BilingualText("数据库", "database")),
    ]

    private func load(
        _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) throws -> SettingsReader {
        var arguments = arguments
        if !arguments.contains(where: { $0.hasPrefix("--kafka") }) && environment.isEmpty && file == nil {
            arguments += ["--kafka-bootstrap-servers", "a:9092,b:9092"]
        }
        let input = try CommandLineInput(arguments + (file.map { ["--config", $0] } ?? []), flags: ["--demo-is-on"])
        return try SettingsLoader.load(Self.descriptions, input: input, environment: environment)
    }

    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
        try Data(text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }

    @Test func `arguments win over the environment, which wins over the file, which wins over the default`() throws {
        try withFile(#"{"http": {"port": 3}, "kafka": {"bootstrapServers": "file:1"}}"#) { (path: String) throws in
            let environment = ["TIAOKUAI_HTTP_PORT": "2"]
            #expect(try load(["--http-port", "1"], environment: environment, file: path).int("http.port") == 1)
            #expect(try load([], environment: environment, file: path).int("http.port") == 2)
            #expect(try load([], file: path).int("http.port") == 3)
            #expect(try load().int("http.port") == 8100)
        }
    }

    @Test func `values come in their types`() throws {
        let settings = try load([
            "--http-request-timeout=2500ms", "--demo-is-on", "--log-level", "debug", "--database-url", "postgres://x",
            "--kafka-bootstrap-servers", "a:9092,b:9092",
        ])
        #expect(try settings.duration("http.requestTimeout") == .milliseconds(2500))
        #expect(try settings.bool("demo.isOn"))
        #expect(try settings.string("log.level") == "debug")
        #expect(try settings.secret("database.url") == "postgres://x")
        #expect(try settings.string("kafka.bootstrapServers") == "a:9092,b:9092")
        #expect(try settings.optionalString("county") == nil)
    }

    @Test(arguments: [
        ["--http-port", "70000"], ["--http-port", "x"], ["--log-level", "loud"], ["--http-request-timeout", "30"],
        ["--demo-is-on=maybe"],
    ])
    func `a value that a setting does not take is named with setting, cause and next step`(_ wrong: [String]) {
        let fault = #expect(throws: SettingFault.self) {
            try load(wrong + ["--kafka-bootstrap-servers", "a:1"])
        }
        let text = fault?.description ?? ""
        #expect(text.contains("配置错误") && text.contains("configuration error"))
        #expect(text.contains("argument --"))
        #expect(text.contains("TIAOKUAI_"))
    }

    @Test func `a required setting that is missing is named`() {
        let fault = #expect(throws: SettingFault.self) { try load([], environment: ["TIAOKUAI_HTTP_PORT": "1"]) }
        #expect(fault?.description.contains("kafka.bootstrapServers") == true)
        #expect(fault?.description.contains("--kafka-bootstrap-servers") == true)
    }

    @Test func `an unknown name is refused wherever it comes from, with the nearest known one`() throws {
        let argument = #expect(throws: SettingFault.self) { try load(["--http-prot", "1"]) }
        #expect(argument?.description.contains("--http-port") == true)
        let variable = #expect(throws: SettingFault.self) {
            try load([], environment: ["TIAOKUAI_HTTP_PROT": "1", "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": "a:1"])
        }
        #expect(variable?.description.contains("TIAOKUAI_HTTP_PORT") == true)
        try withFile(#"{"http": {"prot": 3}}"#) { (path: String) throws in
            #expect(throws: SettingFault.self) { try load([], file: path) }
        }
    }

    @Test func `variables of the local stack and of others are left alone`() throws {
        let environment = [
            "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": "a:1", "TIAOKUAI_LOCAL": "/x", "TIAOKUAI_PORTS": "8200",
            "HOME": "/root",
        ]
        #expect(try load([], environment: environment).string("kafka.bootstrapServers") == "a:1")
    }

    @Test func `a secret may come from a file, without the line break at its end`() throws {
        try withFile("postgres://user:geheim@host/db\n") { (path: String) throws in
            let settings = try load(["--database-url-file", path, "--kafka-bootstrap-servers", "a:1"])
            #expect(try settings.secret("database.url") == "postgres://user:geheim@host/db")
        }
        #expect(throws: SettingFault.self) { try load(["--database-url-file", "/nowhere/at/all"]) }
    }

    @Test func `a secret is never shown`() throws {
        let empty = #expect(throws: SettingFault.self) {
            try SettingsLoader.load(
                Self.descriptions,
                input: try CommandLineInput(["--database-url=", "--kafka-bootstrap-servers", "a:1"]), environment: [:])
        }
        #expect(empty?.description.contains("***") == true)
        let settings = try load(["--database-url", "geheim", "--kafka-bootstrap-servers", "a:1"])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] { #expect(!text.contains("geheim")) }
        #expect(throws: SettingFault.self) { try settings.string("database.url") }
        try withFile(#"{"database": {"url": "geheim"}, "kafka"#) { (path: String) throws in
            let broken = #expect(throws: SettingFault.self) { try load([], file: path) }
            #expect(broken?.description.contains("geheim") == false)
        }
    }

    @Test func `a key that is not described is a mistake of the program`() throws {
        let settings = try load()
        #expect(throws: SettingFault.self) { try settings.string("http.nothing") }
        #expect(throws: SettingFault.self) { try settings.int("log.level") }
    }

    @Test func `help lists every setting with argument, variable and default, and the exit codes`() {
        let common = CommonSettings.descriptions(defaultPort: 8104)
        let help = SettingsHelp.text(service: .notifications, settings: common)
        for setting in common {
            #expect(help.contains(setting.argument + "  " + setting.environmentName))
            #expect(help.contains(setting.meaning.chinese) && help.contains(setting.meaning.english))
        }
        #expect(help.contains("8104") && help.contains("notifications") && help.contains("78"))
    }

    @Test func `common settings have different names, and their defaults are values that they take`() throws {
        let common = CommonSettings.descriptions(defaultPort: 8104)
        #expect(Set(common.map(\.argument)).count == common.count)
        let required = [
            "--database-url", "postgres://x", "--kafka-bootstrap-servers", "a:1", "--auth-issuer", "x", "--auth-jwks",
            "file:/x",
        ]
        let settings = try SettingsLoader.load(common, input: CommandLineInput(required), environment: [:])
        for setting in common where setting.defaultValue != nil {
            let value = try settings.string(setting.key)
            // A default that is given by hand passes the validation that defaults skip.
            let given = try CommandLineInput(required + ["\(setting.argument)=\(value)"])
            #expect(throws: Never.self) { try SettingsLoader.load(common, input: given, environment: [:]) }
        }
    }

    @Test(arguments: [
        ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("12h", .seconds(43200)),
        ("7d", .seconds(604_800)), ("0s", .zero),
    ])
    func `durations are read and written`(_ text: String, _ duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.parse(DurationText.format(duration)) == duration)
    }

    @Test(arguments: ["", "s", "30", "-1s", "1.5s", "30 s", "30sec", "99999999999999999d"])
    func `what is not a duration is not read`(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
