import Logging

extension Logger {
    /// Logs a fact in words, with its particulars as metadata.
    func log(_ fact: FactLine) {
        log(level: fact.level, "\(fact.text)", metadata: fact.particulars.mapValues { "\($0)" })
    }
}
