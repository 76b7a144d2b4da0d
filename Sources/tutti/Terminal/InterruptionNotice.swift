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
            // The shell is to see that a signal ended it. Queues block the signals that they watch, which would keep this one
            // waiting for them.
            signal(SIGINT, SIG_DFL)
            var interruption = sigset_t()
            sigemptyset(&interruption)
            sigaddset(&interruption, SIGINT)
            pthread_sigmask(SIG_UNBLOCK, &interruption, nil)
            raise(SIGINT)
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
