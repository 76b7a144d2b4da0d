/// Where a job stands among those that were submitted together: no part of what it computes, nor of its digest.
package struct PortfolioPlace: Sendable, Hashable, Codable {
    /// The portfolio's name.
    package var name: String
    /// What the portfolio calls this job's model.
    package var model: String

    package init(name: String, model: String) {
        self.name = name
        self.model = model
    }
}
