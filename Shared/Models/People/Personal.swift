/// A personal value on its way to the cipher.
///
/// Printing, logging or reflecting it shows nothing of it.
package struct Personal<Value: Sendable & Hashable>: Sendable, Hashable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The value.
    ///
    /// Whoever takes it out answers for where it goes.
    package let value: Value

    /// Hides a value.
    package init(_ value: Value) { self.value = value }

    package var description: String { "●●●" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
