// Byte strings of the wire, which every other header of proto/ uses.
// Thread: any; values only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace p2pd::proto {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;
using MutableView = std::span<std::uint8_t>;

inline View view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view text(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Lower-case hex, two digits a byte.
std::string hex(View bytes);

// Fills `out` exactly from 2 * out.size() hex digits of either case; false on any other input.
bool from_hex(std::string_view digits, MutableView out);

// RFC 4648 base32 in lower case, without padding.
std::string base32(View bytes);
bool from_base32(std::string_view digits, MutableView out);

// The bytes as UTF-8, each ill-formed sequence replaced by U+FFFD: for JSON and for display.
std::string printable(std::string_view bytes);

} // namespace p2pd::proto
