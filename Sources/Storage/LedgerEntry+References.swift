import Coordination
import Wire

extension LedgerEntry {
    /// Blobs that the entry names for good: bundle, inputs and draws. States that tasks would go on from are not among
    /// them, since they come and go.
    var references: Set<Digest> {
        switch self {
        case .submitted(_, let specification):
            specification.tasks.reduce(into: [specification.bundle]) { $0.formUnion($1.inputs) }
        case .checkpointed(_, _, let block?): [block]
        default: []
        }
    }

    /// True for the entry after which a job has none to come.
    var closesJob: Bool {
        switch self {
        case .taskFailed, .cancelled, .abandoned, .assembled: true
        default: false
        }
    }
}
