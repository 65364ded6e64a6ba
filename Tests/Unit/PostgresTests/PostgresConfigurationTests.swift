import Postgres
import Testing

@Suite("Configuration")
struct PostgresConfigurationTests {
    @Test func `a full URL is read`() throws {
        let configuration = try PostgresConfiguration(
            url: "postgres://us%20er:p%40ss%2Fword@db.example:6543/grid?application_name=a&statement_timeout=1500")
        #expect(configuration.host == "db.example")
        #expect(configuration.port == 6543)
        #expect(configuration.user == "us er")
        #expect(configuration.password == "p@ss/word")
        #expect(configuration.database == "grid")
        #expect(configuration.applicationName == "a")
        #expect(configuration.statementTimeout == .milliseconds(1500))
        #expect(configuration.tls == .prefer)
    }

    @Test(arguments: [
        "postgres://u@%2Frun%2Fpostgresql/db", "postgres://u@/db?host=/run/postgresql",
        "postgresql://u@ignored/db?host=%2Frun%2Fpostgresql",
    ])
    func `a socket directory may be the host`(_ url: String) throws {
        let configuration = try PostgresConfiguration(url: url)
        #expect(configuration.host == "/run/postgresql")
        #expect(configuration.port == 5432)
    }

    @Test func `an IPv6 address is read`() throws {
        let host = try PostgresConfiguration(url: "postgres://u@[::1]:5433/db").host
        #expect(host == "::1" || host == "[::1]")
    }

    @Test func `TLS settings are read`() throws {
        let configuration = try PostgresConfiguration(
            url: "postgres://u@h/d?sslmode=verify-full&sslrootcert=/r.pem&sslcert=/c.pem&sslkey=/k.pem")
        #expect(
            configuration.tls
                == PostgresTLS(
                    mode: .verifyFull(rootCertificate: "/r.pem"), clientCertificate: "/c.pem", clientKey: "/k.pem"))
        #expect(try PostgresConfiguration(url: "postgres://u@h/d?sslmode=require").tls == .require)
    }

    @Test(arguments: [
        "mysql://u@h/d", "postgres://h/d", "postgres://u@h", "postgres://u@h/", "postgres://u@h:99999/d",
        "postgres://u@h/d?sslmode=verify-full", "postgres://u@h/d?sslmode=maybe", "postgres://u@h/d?unknown=1",
        "postgres://u@h/d?statement_timeout=soon", "postgres://u@h/d?statement_timeout=0",
        "postgres://u@h/d?sslmode=require&sslrootcert=/r.pem", "postgres://u@h/a/b",
    ])
    func `a URL that is not understood is refused`(_ url: String) {
        #expect(throws: PostgresConfiguration.URLFault.self) { try PostgresConfiguration(url: url) }
    }

    @Test(arguments: ["postgres://u:s3cret@h:99999/d", "postgres://u:s3cret@h/d?s3cret=1", "postgres://u:s3cret@/"])
    func `a refusal does not repeat the password`(_ url: String) {
        let error = #expect(throws: PostgresConfiguration.URLFault.self) { try PostgresConfiguration(url: url) }
        #expect(error.map { "\($0)" }?.contains("s3cret") == false)
    }

    @Test func `no description of a configuration shows the password`() throws {
        let configuration = try PostgresConfiguration(url: "postgres://u:s3cret@h/d")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("s3cret"))
            #expect(text.contains("postgres://u@h:5432/d"))
        }
    }

    @Test func `times reach the server in milliseconds, rounded up`() {
        var configuration = PostgresConfiguration(host: "h", user: "u", database: "d")
        configuration.statementTimeout = .microseconds(1)
        configuration.idleSessionTimeout = .seconds(60)
        let options = configuration.parameters.first { $0.name == "options" }?.value ?? ""
        #expect(options.contains("-c statement_timeout=1 "))
        #expect(options.contains("-c idle_session_timeout=60000"))
    }
}
