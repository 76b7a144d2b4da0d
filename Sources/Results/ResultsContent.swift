/// Everything that a results folder holds.
package struct ResultsContent: Sendable {
    /// Without the digests of the other files, which are added when they are written.
    package let manifest: Manifest
    /// Files of text, in the order in which they are written.
    package let files: [(name: String, text: String)]
    /// Groups of `posterior.nc`; empty where there is no such file.
    package let groups: [NetCDFGroup]

    package init(manifest: Manifest, files: [(name: String, text: String)], groups: [NetCDFGroup] = []) {
        self.manifest = manifest
        self.files = files
        self.groups = groups
    }
}
