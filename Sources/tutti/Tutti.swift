import ArgumentParser

@main
struct Tutti: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tutti",
        abstract: "Distributed Bayesian marketing mix modelling.")
}
