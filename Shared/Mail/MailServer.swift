/// A server that takes mail for others (RFC 5321), and how to talk to it.
package struct MailServer: Sendable, Equatable {
    /// How the connection is kept from being read.
    package enum Security: String, Sendable, CaseIterable {
        /// Begins in the clear and must change to TLS before anything of worth is said (RFC 3207).
        case startTLS
        /// TLS from the first byte (RFC 8314).
        case implicitTLS
        /// In the clear: for servers on this machine.
        case none
    }

    /// A user of the server.
    package struct Login: Sendable, Equatable {
        /// The name.
        package var user: String
        /// The password.
        package var password: String

        /// Makes a login.
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Name or address.
    package var host: String
    /// 587 for `startTLS`, 465 for `implicitTLS`.
    package var port: Int
    /// How the connection is protected.
    package var security: Security
    /// Who sends; nil where the server asks nobody.
    package var login: Login?
    /// A PEM file of authorities to trust in place of the system's.
    package var authorities: String?
    /// The longest time for a message, from connecting to the last answer.
    package var timeout: Duration

    /// Names a server.
    package init(
        host: String, port: Int, security: Security = .startTLS, login: Login? = nil, authorities: String? = nil,
        timeout: Duration = .seconds(30)
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.authorities = authorities
        self.timeout = timeout
    }

    /// The address as libcurl reads it.
    var url: String {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(security == .implicitTLS ? "smtps" : "smtp")://\(name):\(port)"
    }
}

/// A letter with its envelope.
package struct Letter: Sendable, Equatable {
    /// Who sends it, for the server: bounces go there.
    package var sender: String
    /// Who receives it.
    package var recipient: String
    /// The letter itself (RFC 5322), lines ended by CR LF.
    package var content: [UInt8]

    /// Makes a letter.
    ///
    /// Both addresses must be plain: no space, bracket or control character.
    package init(sender: String, recipient: String, content: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.content = content
    }
}

/// What became of a letter.
package enum MailOutcome: Sendable, Equatable {
    /// The server took it, saying this.
    case accepted(reply: String)
    /// The server said no, with this code (RFC 5321): 4yz for now, 5yz for ever.
    case rejected(code: Int)
    /// It did not get so far that the server could have taken it.
    case failed(Failure)
    /// The whole letter had been sent, and then the answer did not come.
    case unanswered

    /// Why a letter did not get to its server.
    package enum Failure: String, Sendable, Equatable {
        /// No such host, or nobody listens.
        case unreachable
        /// Too slow.
        case timedOut = "timed-out"
        /// The server has no STARTTLS, or its certificate is not to be trusted.
        case insecure
        /// The server does not know the login.
        case login
        /// The connection ended.
        case cutOff = "cut-off"
        /// More letters wait than may.
        case busy
        /// The sending was given up.
        case cancelled
        /// Anything else.
        case other
    }
}
