import Models

extension MobileNumber {
    /// A number as lists show it, 138****5678.
    ///
    /// Whatever is not a number is hidden as a whole.
    package static func masked(_ number: String) -> String {
        guard check(number) == number else { return "****" }
        return "\(number.prefix(3))****\(number.suffix(4))"
    }
}
