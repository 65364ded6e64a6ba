import CLibpq

extension PostgresError {
    /// Reads an error result.
    ///
    /// Severity `FATAL` and `PANIC` end the session, so they count as a lost connection.
    init(result: OpaquePointer) {
        func field(_ code: Character) -> String? {
            guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
            return String(cString: text)
        }
        let state = field("C")
        let severity = field("V")
        if let state, severity != "FATAL", severity != "PANIC" {
            self.init(.server(sqlState: state))
        } else {
            // libpq makes a result without SQLSTATE when the server went away.
            self.init(.connection, reason: state == nil ? "the server closed the connection" : "the session was ended")
            sqlState = state
        }
        constraint = field("n")
        table = field("t")
        column = field("c")
        detail = [field("M"), field("D"), field("H")].compactMap { $0 }.joined(separator: " – ")
        // Said by RevalidateCachedQuery (src/backend/utils/cache/plancache.c) after the shape of a table has changed, and
        // 26000 after a DEALLOCATE that was not ours.
        isStaleStatement = (state == "0A000" && field("R") == "RevalidateCachedQuery") || state == "26000"
    }

    /// Reads why a connection could not be made.
    ///
    /// The text has the form `… FATAL:  28P01`, since connections are made with `PQERRORS_SQLSTATE`; anything else
    /// comes from libpq or the network and names the address.
    package init(connectMessage message: String) {
        self.init(.connection, reason: "no connection could be made", detail: message)
        guard let mark = message.firstRange(of: "FATAL:  ") else {
            reason = Self.tlsRefusal(message) ?? reason
            return
        }
        let state = message[mark.upperBound...].prefix(5)
        guard state.count == 5, state.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isUppercase) }) else { return }
        sqlState = String(state)
        reason = "the server refused the connection"
    }

    /// What was wrong with the server's certificate, without the address that libpq's own words name.
    private static func tlsRefusal(_ message: String) -> String? {
        let known = [
            ("certificate verify failed", "the server's certificate is of another authority, or out of date"),
            ("does not match host name", "the server's certificate is for another host"),
            ("does not support SSL", "the server does not speak TLS"),
            ("root certificate file", "the file of sslrootcert cannot be read"),
        ]
        return known.first { message.contains($0.0) }?.1
    }

    /// Whether trying to connect again may help.
    ///
    /// A wrong password, role or database does not mend itself; a server that starts, stops or is full does.
    package var isTransientConnectFailure: Bool {
        guard let sqlState else { return code == .connection || code == .timeout }
        return ["08", "53", "57", "58"].contains(sqlState.prefix(2))
    }
}
