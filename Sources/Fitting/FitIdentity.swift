/// SHA-256 of what a fit is made of, as hexadecimal text.
package struct FitIdentity: Sendable, Hashable {
    /// Of model, data, settings and numeric version: equal fits have equal digests.
    package let fit: String
    package let model: String
    package let data: String
    package let binary: String

    package init(fit: String, model: String, data: String, binary: String) {
        self.fit = fit
        self.model = model
        self.data = data
        self.binary = binary
    }
}
