import Foundation

/// The standard error of the process.
///
/// One `write(2)` a line: POSIX keeps writes to a pipe of up to 4 096 bytes whole, and there is no buffer that an
/// abrupt end could lose.
package struct StandardError: LogSink {
    package init() {}

    package func write(_ line: String) { Self.write(line, to: 2) }

    /// Writes a text to a descriptor.
    ///
    /// What cannot be written is given up: there is no place left to say so.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = Foundation.write(descriptor, base, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
