import Foundation
import Kafka
import Models
import ServiceKit
import Support
import Testing

struct KafkaSetupTests {
    private static let password = "verborgen"

    private func configuration(_ settings: [String: String]) throws -> KafkaConfiguration {
        let common = [
            "TIAOKUAI_DATABASE_URL": "postgres://x", "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": "x",
            "TIAOKUAI_AUTH_ISSUER": "x", "TIAOKUAI_AUTH_JWKS": "file:/x",
        ]
        let named = Dictionary(uniqueKeysWithValues: settings.map { ("TIAOKUAI_KAFKA_\($0.key)", $0.value) })
        let reader = try SettingsLoader.load(
            CommonSettings.descriptions(defaultPort: 0), input: CommandLineInput([]),
            environment: common.merging(named) { $1 })
        return try KafkaSetup.configuration(reader, service: .gridOperations)
    }

    @Test func `certificates and passwords are used when the kind of security says so`() async throws {
        #expect(try configuration([:]).security == .plaintext)
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("DNS:client.example")
            let files = [
                "TLS_AUTHORITY": authority.certificate, "TLS_CERTIFICATE": identity.certificate,
                "TLS_KEY": identity.key,
            ]
            let tls = try configuration(files.merging(["SECURITY": "tls"]) { $1 }).security
            #expect(
                tls == .tls(ca: authority.certificate, certificate: identity.certificate, key: identity.key))
            let both = try configuration(
                files.merging(["SECURITY": "sasl-tls", "USER": "u", "PASSWORD": Self.password]) { $1 })
            #expect("\(both.security)" == "sasl SCRAM-SHA-512 as u over tls")
            #expect(!"\(both)".contains(Self.password) && !String(reflecting: both).contains(Self.password))
            var dumped = ""
            dump(both, to: &dumped)
            #expect(!dumped.contains(Self.password))
        }
    }

    @Test(
        "settings that do not fit together are refused, and nothing secret is shown",
        arguments: [
            ["SECURITY": "sasl", "USER": "u"], ["SECURITY": "sasl", "PASSWORD": password],
            ["USER": "u", "PASSWORD": password], ["SECURITY": "tls", "USER": "u"],
            ["TLS_AUTHORITY": "/etc/hostname"], ["SECURITY": "tls", "TLS_AUTHORITY": "/nowhere.pem"],
            ["SECURITY": "tls", "TLS_CERTIFICATE": "/etc/hostname"],
            ["SECURITY": "sasl", "SASL_MECHANISM": "PLAIN", "USER": "u", "PASSWORD": password],
        ])
    func mismatch(_ settings: [String: String]) {
        let fault = #expect(throws: SettingFault.self) { try configuration(settings) }
        #expect(fault?.description.contains(Self.password) == false)
    }
}
