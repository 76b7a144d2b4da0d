/// How the chains of a night's fit began.
package enum NightStart: String, Sendable, Hashable, Codable {
    case warm
    case cold
    /// The warm chains did not converge.
    case coldAfterWarm = "cold after warm"
}
