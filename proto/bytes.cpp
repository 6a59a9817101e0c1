#include "proto/bytes.hpp"

#include <sodium.h>

namespace p2pd::proto {

namespace {

constexpr std::string_view base32_alphabet = "abcdefghijklmnopqrstuvwxyz234567";

// Length of the well-formed UTF-8 sequence at the start of `s`, or 0 (Unicode 15, table 3-7).
std::size_t utf8_sequence(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  const std::uint8_t second = at(1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second > 0x9f;
  const bool beyond = lead == 0xf4 && second > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

std::string hex(View bytes) {
  std::string out(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
  out.pop_back();
  return out;
}

bool from_hex(std::string_view digits, MutableView out) {
  if (digits.empty()) return out.empty(); // libsodium takes no null pointers
  std::size_t written = 0;
  return digits.size() == out.size() * 2 &&
         sodium_hex2bin(out.data(), out.size(), digits.data(), digits.size(), nullptr, &written,
                        nullptr) == 0 &&
         written == out.size();
}

std::string base32(View bytes) {
  std::string out;
  out.reserve((bytes.size() * 8 + 4) / 5);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    buffer = buffer << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += base32_alphabet[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) out += base32_alphabet[buffer << (5 - bits) & 31];
  return out;
}

bool from_base32(std::string_view digits, MutableView out) {
  if (digits.size() != (out.size() * 8 + 4) / 5) return false;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  std::size_t written = 0;
  for (const char digit : digits) {
    const std::size_t value = base32_alphabet.find(digit);
    if (value == std::string_view::npos) return false;
    buffer = buffer << 5 | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out[written++] = static_cast<std::uint8_t>(buffer >> bits);
    }
  }
  // The bits that pad the last digit are zero in canonical text: one id has one spelling.
  return (buffer & ((1U << bits) - 1)) == 0;
}

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = utf8_sequence(bytes);
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else
      out += bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

} // namespace p2pd::proto
