import CLibcurl

/// One letter on its way: libcurl's handle and what its callbacks need.
///
/// - Note: `@unchecked Sendable`: invariant: made by the sender and from then on touched only by the thread of its
///   `MailThread`, where libcurl calls back, too.
final class MailTransfer: @unchecked Sendable {
    let number: UInt64
    let handle: UnsafeMutableRawPointer
    private let letter: Letter
    private let answer: CheckedContinuation<MailOutcome, Never>
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private var position = 0
    private var isSent = false
    private var lastLine: [UInt8] = []

    /// The longest line of a server that is kept (RFC 5321 4.5.3.1.5).
    private static let lineMax = 512

    /// Prepares a transfer, or answers nil where libcurl has no memory or an option is refused.
    init?(
        _ letter: Letter, to server: MailServer, number: UInt64, answer: CheckedContinuation<MailOutcome, Never>
    ) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.letter = letter
        self.number = number
        self.answer = answer
        guard setUp(server) else { return nil }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(recipients)
    }

    private func setUp(_ server: MailServer) -> Bool {
        recipients = curl_slist_append(nil, "<\(letter.recipient)>")
        let milliseconds = Int(server.timeout / .milliseconds(1))
        var codes = [
            text(CURLOPT_URL, server.url), text(CURLOPT_MAIL_FROM, "<\(letter.sender)>"),
            clibcurl_set_list(handle, CURLOPT_MAIL_RCPT, recipients), number(CURLOPT_UPLOAD, 1),
            clibcurl_set_size(handle, curl_off_t(letter.content.count)),
            // No signals: a program with threads cannot have its resolver interrupted by one.
            number(CURLOPT_NOSIGNAL, 1), number(CURLOPT_TIMEOUT_MS, milliseconds),
            number(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, 10_000)),
            number(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), number(CURLOPT_SSL_VERIFYPEER, 1),
            number(CURLOPT_SSL_VERIFYHOST, 2),
            number(CURLOPT_USE_SSL, Int((server.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue)),
            // A proxy named by the environment is for web pages.
            text(CURLOPT_PROXY, ""),
        ]
        if let file = server.authorities { codes.append(text(CURLOPT_CAINFO, file)) }
        if let login = server.login {
            codes += [text(CURLOPT_USERNAME, login.user), text(CURLOPT_PASSWORD, login.password)]
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        codes += [
            clibcurl_set_read(handle, { MailTransfer.of($3)?.read(into: $0, atMost: $1 * $2) ?? 0 }, context),
            clibcurl_set_line(
                handle,
                { bytes, size, count, context in
                    MailTransfer.of(context)?.keep(UnsafeRawBufferPointer(start: bytes, count: size * count))
                    return size * count
                }, context),
            clibcurl_set_write(handle) { _, size, count, _ in size * count },
        ]
        return recipients != nil && codes.allSatisfy { $0 == CURLE_OK }
    }

    private func text(_ option: CURLoption, _ value: String) -> CURLcode { clibcurl_set_text(handle, option, value) }
    private func number(_ option: CURLoption, _ value: Int) -> CURLcode {
        clibcurl_set_number(handle, option, value)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> MailTransfer? {
        context.map { Unmanaged<MailTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func read(into buffer: UnsafeMutablePointer<CChar>?, atMost size: Int) -> Int {
        let count = min(size, letter.content.count - position)
        letter.content.withUnsafeBytes { bytes in
            guard let buffer, count > 0, let base = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(buffer).copyMemory(from: base + position, byteCount: count)
        }
        position += count
        // The end of the letter follows its last byte without another question.
        if position == letter.content.count { isSent = true }
        return count
    }

    private func keep(_ line: UnsafeRawBufferPointer) { lastLine = Array(line.prefix(Self.lineMax)) }

    /// Answers the sender; called once.
    func end(_ outcome: MailOutcome) { answer.resume(returning: outcome) }

    /// What a result of libcurl means for the letter.
    func outcome(of result: CURLcode) -> MailOutcome {
        let code = clibcurl_answer_code(handle)
        // After DATA the server says 354; only what it says after the whole letter is an answer to it.
        if isSent, code == 354 { return .unanswered }
        if isSent, (200..<300).contains(code) {
            return .accepted(reply: String(decoding: lastLine, as: UTF8.self))
        }
        switch result {
        case CURLE_LOGIN_DENIED: return .failed(.login)
        case CURLE_USE_SSL_FAILED, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            return .failed(.insecure)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .failed(.unreachable)
        case CURLE_OPERATION_TIMEDOUT: return .failed(.timedOut)
        default: break
        }
        if (400..<600).contains(code) { return .rejected(code: code) }
        switch result {
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY:
            return .failed(.cutOff)
        default: return .failed(.other)
        }
    }
}
