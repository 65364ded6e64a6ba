import Kafka
import Postgres

/// Errors whose descriptions hold codes and names of the schema, but never values or credentials.
protocol SafelyDescribedError: Error {}

extension PostgresError: SafelyDescribedError {}
extension KafkaError: SafelyDescribedError {}
extension FieldCipherError: SafelyDescribedError {}

/// Names errors for logs.
enum ErrorNaming {
    /// The description of an error that is known to be safe; the type's name of any other, whose description might hold a
    /// value.
    static func safe(_ error: any Error) -> String {
        error is any SafelyDescribedError ? "\(error)" : String(reflecting: type(of: error))
    }
}
