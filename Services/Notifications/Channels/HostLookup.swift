import Foundation
import NIOPosix

/// Looks up hosts.
package enum HostLookup {
    /// All addresses of a host, of 4 or 16 bytes each; empty where it has none or cannot be looked up.
    ///
    /// Waits on a thread for blocking work.
    package static func addresses(of host: String) async -> [[UInt8]] {
        // A pool that is stopping looks nothing up.
        (try? await NIOThreadPool.singleton.runIfActive { resolve(host) }) ?? []
    }

    private static func resolve(_ host: String) -> [[UInt8]] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [[UInt8]] = []
        var entry = list
        while let current = entry?.pointee {
            if let address = current.ai_addr, let bytes = bytes(address, family: current.ai_family) {
                if !found.contains(bytes) { found.append(bytes) }
            }
            entry = current.ai_next
        }
        return found
    }

    private static func bytes(_ address: UnsafeMutablePointer<sockaddr>, family: Int32) -> [UInt8]? {
        let raw = UnsafeRawPointer(address)
        switch family {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: address) { Array($0) }
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { Array($0) }
        default: return nil
        }
    }

    /// An address in writing.
    static func text(_ address: [UInt8]) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = address.count == 4 ? AF_INET : AF_INET6
        guard [4, 16].contains(address.count),
            inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil
        else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension AddressFence.Network {
    /// Reads `address/bits`, or nil where it is none.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let bits = Int(parts[1]) else { return nil }
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if inet_pton(family, String(parts[0]), &bytes) == 1, (0...size * 8).contains(bits) {
                self.init(bytes, bits)
                return
            }
        }
        return nil
    }
}
