import Foundation

/// Says a sentence when the process is interrupted from the keyboard, and then ends as it would have without one.
struct InterruptionNotice {
    private let source: (any DispatchSourceSignal)?

    /// - Parameter text: nil says nothing.
    init(_ text: String?) {
        guard let text else {
            source = nil
            return
        }
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            Output.complain("\n" + text)
            // The shell is to see that a signal ended it.
            signal(SIGINT, SIG_DFL)
            kill(getpid(), SIGINT)
        }
        source.resume()
        self.source = source
    }

    func end() {
        guard let source else { return }
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
