/// Special functions of one value, built on `Elementary` alone.
package enum SpecialFunctions {
}
