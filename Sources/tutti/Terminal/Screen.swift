import Foundation

/// A terminal's other screen: what stood there before is there again when it is left, however the program ends.
final class Screen {
    private var old = termios()
    private let isRaw: Bool
    private typealias Handler = @convention(c) (Int32) -> Void

    /// What each signal did before, and what watches it meanwhile.
    private var signals: [(number: Int32, before: Handler?, source: any DispatchSourceSignal)] = []

    init() {
        isRaw = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &old) == 0
        if isRaw {
            var raw = old
            // Keys come at once and are not echoed; ctrl-C still is a signal.
            raw.c_lflag &= ~UInt32(ICANON | ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        }
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
        let (restored, isRaw) = (old, isRaw)
        signals = [SIGINT, SIGTERM, SIGHUP].map { number in
            let before = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                Self.restore(restored, isRaw: isRaw)
                _exit(128 + number)
            }
            source.resume()
            return (number, before, source)
        }
    }

    func leave() {
        for (number, before, source) in signals {
            source.cancel()
            signal(number, before)
        }
        Self.restore(old, isRaw: isRaw)
    }

    private static func restore(_ settings: termios, isRaw: Bool) {
        write("\u{1B}[?25h\u{1B}[?1049l")
        var settings = settings
        if isRaw { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
    }

    /// Asked each time, since windows are resized.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws over what is there, without a moment of emptiness.
    func show(_ lines: [String], size: (columns: Int, rows: Int)) {
        let text = lines.prefix(size.rows).map { "\(TopText.cut($0, size.columns))\u{1B}[K" }
        Self.write("\u{1B}[H" + text.joined(separator: "\n") + "\u{1B}[J")
    }

    /// Whether q, or the end of input, has come.
    func takesLeave() -> Bool {
        guard isRaw else { return false }
        var poll = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while Foundation.poll(&poll, 1, 0) == 1 {
            var key: UInt8 = 0
            guard read(STDIN_FILENO, &key, 1) == 1 else { return true }
            if key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") { return true }
        }
        return false
    }

    private static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
