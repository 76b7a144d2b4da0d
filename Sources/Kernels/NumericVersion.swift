/// Names what the program computes: a new number whenever any bit of any result, or of what a task hands in, may change for
/// the same model, data and seed. Fits, tasks and states carry it, so that bits of two versions are never mixed.
package enum NumericVersion {
    /// Hashes over outputs, each computed and compared by the tests of its module.
    package struct Entry: Sendable, Hashable {
        /// Counted from 1.
        package var number: Int
        /// Of elementary and special functions and random streams: `ElementaryBitsTests`.
        package var elementary: UInt64
        /// Of the model's density, gradient and decomposition: `BitsTests`.
        package var model: UInt64
        /// Of a chain's draws: `ChainTests`.
        package var chain: UInt64
    }

    /// All versions, append-only. A change of any hash is a new entry with the next number, never an edit; so is a change
    /// of bits that none of the three sees.
    package static let history: [Entry] = [
        Entry(
            number: 1, elementary: 0xce92_2dff_2a77_fb1f, model: 0x8f45_af90_ea4c_c4a4, chain: 0x8c84_3416_3ec9_8e4b),
        Entry(
            number: 2, elementary: 0xce92_2dff_2a77_fb1f, model: 0xce29_3995_392b_5a07, chain: 0x8c84_3416_3ec9_8e4b),
        Entry(
            number: 3, elementary: 0xce92_2dff_2a77_fb1f, model: 0xce29_3995_392b_5a07, chain: 0xffb5_868d_f351_f146),
        Entry(
            number: 4, elementary: 0xce92_2dff_2a77_fb1f, model: 0x11b2_15d6_b848_daf2, chain: 0xffb5_868d_f351_f146),
        Entry(
            number: 5, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Chains from far starts, which the hash does not have.
        Entry(
            number: 6, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Panels under partial pooling, which the hashes do not have.
        Entry(
            number: 7, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Panels whose data file does not have its geos in the order of their names.
        Entry(
            number: 8, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Fits of over 300 parameters whose trajectories are long, which the hashes do not have.
        Entry(
            number: 9, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Panels under partial pooling, and fits of over 300 parameters, which the hashes do not have.
        Entry(
            number: 10, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Resamples hand in reported quantities in place of draws: results have the same bits, stored draws have not.
        Entry(
            number: 11, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Resamples of fits that hold periods out, which the hashes do not have.
        Entry(
            number: 12, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Tasks are named by protobuf: what they compute has the same bits, and no earlier program can read them.
        Entry(
            number: 13, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Resamples begin with what scouts have found, and choose the length of their blocks; their robust standard deviation
        // knows the prior. The hashes have neither.
        Entry(
            number: 14, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Figures by period and response curves of fits of more than 4,000 draws, which the hashes do not have.
        Entry(
            number: 15, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Windows of fits of more than 4,000 draws, and the last digits of means of windows of all fits.
        Entry(
            number: 16, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
        // Weeks of payback of monthly data, and plans and forecasts of daily data.
        Entry(
            number: 17, elementary: 0x3068_96ec_1b52_ce3c, model: 0xf4d2_b4d1_94c4_c190, chain: 0xffb5_868d_f351_f146),
    ]

    package static var current: Entry { history[history.count - 1] }
}
