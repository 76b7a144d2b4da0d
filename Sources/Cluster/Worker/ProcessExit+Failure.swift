import Glibc
import Wire

extension ProcessExit {
    /// What the end of a slot process means for the task that it ran.
    package var failure: Failure {
        switch signal {
        case nil: .error
        case SIGSEGV?, SIGILL?, SIGABRT?, SIGBUS?, SIGFPE?, SIGTRAP?: .crash
        default: .signal
        }
    }
}
