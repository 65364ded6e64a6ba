import ArgumentParser
import Foundation
import Kafka

/// A command that does its work and says by an exit code how it went.
package protocol OperatorCommand: AsyncParsableCommand {
    /// Does the work.
    ///
    /// - Throws: `OperatorError`, `ServiceFailure`, `KafkaError`: each is told to the person in both languages.
    func perform(_ console: Console) async throws -> ExitStatus
}

extension OperatorCommand {
    /// Does the work and turns errors into words and an exit code.
    package mutating func run() async throws {
        let console = Console.standard()
        let status: ExitStatus
        do {
            status = try await perform(console)
        } catch let error as ExitCode {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch {
            let told = CommandFailure.told(error)
            console.failure(told.description)
            status = told.status
        }
        if status != .success { throw ExitCode(status.rawValue) }
    }
}

/// Puts errors into words.
package enum CommandFailure {
    /// The error as it is told to a person.
    package static func told(_ error: any Error) -> OperatorError {
        switch error {
        case let error as OperatorError: error
        case let error as ServiceFailure: error.operatorError
        case let error as KafkaError:
            OperatorError(
                .unavailable, "消息代理没有完成操作（\(error.operation)）：请检查地址和代理是否在运行。",
                "The broker did not do it (\(error)): check its address and that it runs.")
        case is CancellationError: OperatorError(.internalError, "已中断。", "Interrupted.")
        default:
            OperatorError(
                .internalError, "程序错误（\(type(of: error))），请把这条信息交给开发人员。",
                "A mistake in the program (\(error)): give this message to the developers.")
        }
    }
}
