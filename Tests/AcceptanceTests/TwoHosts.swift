import Foundation
import Glibc

/// Two hosts as the network sees them: two network namespaces and a wire between them, which can be cut, made narrow,
/// or made to lose packets. Gone with this value.
final class TwoHosts {
    /// Nil where this machine lets us make them, else why it does not.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "network namespaces need root" }
        do {
            let hosts = try TwoHosts()
            try hosts.losePackets(tenths: 1)
            try hosts.narrow(to: "10mbit")
            return nil
        } catch {
            return "two hosts with a wire cannot be made here, which needs iproute2 and nftables: \(error)"
        }
    }()

    private struct ShellError: Error, CustomStringConvertible {
        var command: String
        var text: String

        var description: String { "\(command): \(text)" }
    }

    /// Of the first host.
    static let address = "10.77.0.1"

    private let name = String(UInt32.random(in: .min ... .max), radix: 16)
    private var spaces: [String] { ["tutti-\(name)-a", "tutti-\(name)-b"] }
    private var ends: [String] { ["ta\(name)", "tb\(name)"] }

    init() throws {
        try shell(
            """
            set -e
            ip netns add \(spaces[0])
            ip netns add \(spaces[1])
            ip link add \(ends[0]) netns \(spaces[0]) type veth peer name \(ends[1]) netns \(spaces[1])
            ip -n \(spaces[0]) addr add \(Self.address)/24 dev \(ends[0])
            ip -n \(spaces[1]) addr add 10.77.0.2/24 dev \(ends[1])
            """)
        for (space, end) in zip(spaces, ends) {
            try shell("ip -n \(space) link set lo up && ip -n \(space) link set \(end) up")
        }
    }

    deinit {
        for space in spaces { _ = try? shell("ip netns del \(space)") }
    }

    /// Words before a command that run it on the first host.
    var first: [String] { ["ip", "netns", "exec", spaces[0]] }

    /// Words before a command that run it on the second.
    var second: [String] { ["ip", "netns", "exec", spaces[1]] }

    /// Sends a file's bytes from the second host, and returns what comes back.
    func send(_ file: String, to address: String, port: Int) throws -> String {
        try shell(
            """
            ip netns exec \(spaces[1]) bash -c 'exec 3<>/dev/tcp/\(address)/\(port); cat "$0" >&3; cat <&3' '\(file)'
            """)
    }

    /// Bytes that the second host has received from the first.
    func receivedByteCount() throws -> Int {
        let text = try shell("ip netns exec \(spaces[1]) cat /sys/class/net/\(ends[1])/statistics/rx_bytes")
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    func cut() throws { try shell("ip -n \(spaces[0]) link set \(ends[0]) down") }

    func mend() throws { try shell("ip -n \(spaces[0]) link set \(ends[0]) up") }

    /// Of ten packets that arrive at either host so many are lost, at random.
    func losePackets(tenths: Int) throws {
        for (space, end) in zip(spaces, ends) {
            try shell(
                """
                ip netns exec \(space) nft -f - <<'END'
                table inet loss {
                    chain arrival {
                        type filter hook input priority 0; policy accept;
                        iifname "\(end)" numgen random mod 10 < \(tenths) counter drop
                    }
                }
                END
                """)
        }
    }

    /// Packets that were lost so far.
    func lostPackets() throws -> Int {
        try spaces.reduce(0) { sum, space in
            let text = try shell("ip netns exec \(space) nft list table inet loss")
            return sum + text.matches(of: /packets ([0-9]+)/).reduce(0) { $0 + (Int($1.output.1) ?? 0) }
        }
    }

    /// - Parameter rate: of either direction, as `tc` writes it.
    func narrow(to rate: String) throws {
        for (space, end) in zip(spaces, ends) {
            try shell(
                "ip netns exec \(space) /sbin/tc qdisc add dev \(end) root tbf rate \(rate) burst 16kb latency 300ms")
        }
    }

    @discardableResult
    private func shell(_ command: String) throws -> String {
        let process = Process()
        let (output, complaints) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        // Neither stream is longer than a pipe.
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ShellError(command: command, text: complaint) }
        return text
    }
}
