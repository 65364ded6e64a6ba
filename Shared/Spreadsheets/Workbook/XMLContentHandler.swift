import CLibxml2

/// Receives the content of an XML part as it is parsed.
///
/// A handler that finds a fault sets it; parsing then ends.
class XMLContentHandler {
    /// What is wrong with the content.
    var fault: SpreadsheetFault?

    /// An element begins.
    func start(_ name: XMLName, _ attributes: XMLAttributes) {}
    /// An element ends.
    func end(_ name: XMLName) {}
    /// Text in UTF-8; one text may come in several pieces.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
}

/// The name of an element without its prefix.
///
/// Valid only while the handler is called.
struct XMLName {
    fileprivate let pointer: UnsafePointer<xmlChar>

    init(_ pointer: UnsafePointer<xmlChar>) { self.pointer = pointer }

    static func == (name: XMLName, literal: StaticString) -> Bool { XMLName.equal(name.pointer, literal) }

    /// Compares a name of libxml2, which ends in a zero, with a literal, which does too.
    fileprivate static func equal(_ pointer: UnsafePointer<xmlChar>, _ literal: StaticString) -> Bool {
        xmlStrEqual(pointer, literal.utf8Start) == 1
    }
}

/// The attributes of an element.
///
/// Valid only while the handler is called.
struct XMLAttributes {
    // libxml2 gives five pointers for each: name, prefix, namespace, start and end of the value.
    fileprivate let pointers: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    fileprivate let count: Int

    init(_ pointers: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int) {
        self.pointers = pointers
        self.count = count
    }

    /// Returns the bytes of the value of an attribute, whatever its prefix.
    func bytes(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        guard let pointers else { return nil }
        for index in 0..<count {
            let attribute = pointers + index * 5
            if let found = attribute[0], XMLName.equal(found, name), let start = attribute[3], let end = attribute[4] {
                return UnsafeBufferPointer(start: start, count: end - start)
            }
        }
        return nil
    }

    /// Returns the value of an attribute.
    func string(_ name: StaticString) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the value of an attribute as a number that is not negative; nil when it is missing or none.
    func number(_ name: StaticString) -> Int? { bytes(name).flatMap(DecimalDigits.number) }
}

/// Numbers in ASCII digits.
enum DecimalDigits {
    /// Reads a number that is not negative and has at most 15 digits; nil for anything else.
    static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard (1...15).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }
}
