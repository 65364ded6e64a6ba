import CLibxml2

/// Parses a part of a workbook piece by piece and tells a handler what it finds.
///
/// libxml2's push parser is used and not its reader: over the same sheet it took a third of the time. A document type declaration is
/// refused, so there are no entities beyond XML's own; nothing is ever loaded from the disk or the network.
final class XMLStream {
    private let part: ZipPart
    private let handler: XMLContentHandler
    private var context: xmlParserCtxtPtr?
    private let buffer: UnsafeMutableRawBufferPointer
    private var hasDeclaration = false

    /// Unpacked bytes that are parsed at a time; bounds what a handler can gather in one step.
    private static let chunkBytes = 64 << 10
    // libxml2 wants one call before its first use by several threads.
    private static let library: Void = xmlInitParser()

    /// Stands at the start of a part.
    init(_ part: ZipPart, _ handler: XMLContentHandler) throws(SpreadsheetFault) {
        Self.library
        self.part = part
        self.handler = handler
        buffer = .allocate(byteCount: Self.chunkBytes, alignment: 16)
        // The parser copies the table of functions. It knows this object without owning it, and dies first (deinit).
        var functions = Self.functions()
        let this = Unmanaged.passUnretained(self).toOpaque()
        context = xmlCreatePushParserCtxt(&functions, this, nil, 0, nil)
        guard let context else { throw SpreadsheetFault(.damagedWorkbook) }
        // Without NOENT an "&amp;" in an attribute would stay "&#38;". No other entity can exist here.
        _ = xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue))
    }

    deinit {
        if let context {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(context)
        }
        buffer.deallocate()
    }

    /// Parses a whole part.
    static func parse(_ part: ZipPart, _ handler: XMLContentHandler) throws(SpreadsheetFault) {
        let stream = try XMLStream(part, handler)
        while try stream.advance() {}
    }

    /// Parses the next piece; false when the part is at its end and was well formed.
    func advance() throws(SpreadsheetFault) -> Bool {
        let got = try part.read(into: buffer)
        let bytes = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        // Two callers never parse at once, and the handler is called only from inside of this call.
        xmlParseChunk(context, bytes, Int32(got), got == 0 ? 1 : 0)
        if hasDeclaration { throw SpreadsheetFault(.forbiddenMarkup) }
        if let fault = handler.fault { throw fault }
        guard let context, context.pointee.wellFormed == 1 else { throw SpreadsheetFault(.damagedWorkbook) }
        return got > 0
    }

    private static func functions() -> xmlSAXHandler {
        var functions = xmlSAXHandler()
        functions.initialized = UInt32(XML_SAX2_MAGIC)
        functions.startElementNs = { this, name, _, _, _, _, count, _, attributes in
            guard let name, let stream = XMLStream.from(this), stream.handler.fault == nil else { return }
            stream.handler.start(XMLName(name), XMLAttributes(attributes, count: Int(count)))
        }
        functions.endElementNs = { this, name, _, _ in
            guard let name, let stream = XMLStream.from(this), stream.handler.fault == nil else { return }
            stream.handler.end(XMLName(name))
        }
        functions.characters = { this, bytes, count in
            guard let stream = XMLStream.from(this), stream.handler.fault == nil else { return }
            stream.handler.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
        }
        functions.cdataBlock = functions.characters
        functions.internalSubset = { this, _, _, _ in
            guard let stream = XMLStream.from(this) else { return }
            stream.hasDeclaration = true
            xmlStopParser(stream.context)
        }
        // Without a function of its own, libxml2 prints errors to standard error.
        functions.serror = { _, _ in }
        return functions
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLStream? {
        pointer.map { Unmanaged<XMLStream>.fromOpaque($0).takeUnretainedValue() }
    }
}
