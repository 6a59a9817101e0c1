#include "proto/join_token.hpp"

#include <algorithm>
#include <charconv>
#include <sodium.h>

namespace p2pd::proto {

namespace {

constexpr std::string_view mark = "p2pd";
constexpr unsigned token_version = 1;
constexpr std::size_t length_size = 2;
constexpr std::size_t check_size = 4;
// So many digits are whole bytes, and hold the length.
constexpr std::size_t head_digits = 8;
constexpr std::size_t head_size = 5;

using Check = std::array<std::uint8_t, check_size>;

Check check_of(View bytes) {
  constexpr std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal{
      'p', '2', 'p', 'd', '.', 'j', 'o', 'i', 'n'};
  std::array<std::uint8_t, 32> hash;
  crypto_generichash_blake2b_salt_personal(hash.data(), hash.size(), bytes.data(), bytes.size(),
                                           nullptr, 0, nullptr, personal.data());
  Check check;
  std::copy_n(hash.begin(), check.size(), check.begin());
  return check;
}

std::string without_white_space(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  return out;
}

// Checks and removes "p2pd1-".
std::string_view digits_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  unsigned number = 0;
  if (dash != std::string_view::npos && text.starts_with(mark)) {
    const char* const end = text.data() + dash;
    const auto [stop, error] = std::from_chars(text.data() + mark.size(), end, number);
    if (error != std::errc() || stop != end) number = 0;
  }
  if (number == 0)
    throw Error("this is not a join token; one begins with \"p2pd1-\", p2pctl invite on a tracker "
                "prints it");
  if (number != token_version)
    throw Error("the join token is of version " + std::to_string(number) +
                ", this p2pd knows 1; install the version that the tracker has");
  return text.substr(dash + 1);
}

[[noreturn]] void refuse_cut_off() {
  throw Error("the join token is truncated; copy all of it");
}
[[noreturn]] void refuse_damaged() {
  throw Error("the join token is damaged, its checksum is wrong; copy it again");
}

// The bytes without the check.
Bytes checked_bytes(std::string_view digits) {
  std::array<std::uint8_t, head_size> head;
  if (digits.size() < head_digits) refuse_cut_off();
  if (!from_base32(digits.substr(0, head_digits), head)) refuse_damaged();
  const std::size_t size = length_size + (std::size_t{head[0]} << 8 | head[1]) + check_size;
  const std::size_t expected = (size * 8 + 4) / 5;
  if (digits.size() < expected) refuse_cut_off();
  Bytes bytes(size);
  if (digits.size() > expected || !from_base32(digits, bytes)) refuse_damaged();
  const Check check = check_of(View(bytes).first(size - check_size));
  if (!std::equal(check.begin(), check.end(), bytes.end() - check_size)) refuse_damaged();
  bytes.resize(size - check_size);
  return bytes;
}

} // namespace

std::string to_text(const JoinToken& token) {
  Bytes bytes(length_size);
  Encoder out(bytes);
  out.array(3);
  put(out, token.tracker);
  out.bin(token.secret.bytes);
  put(out, token.addresses);
  const std::size_t length = bytes.size() - length_size;
  bytes[0] = static_cast<std::uint8_t>(length >> 8);
  bytes[1] = static_cast<std::uint8_t>(length);
  const Check check = check_of(bytes);
  bytes.insert(bytes.end(), check.begin(), check.end());
  return std::string(mark) + std::to_string(token_version) + '-' + base32(bytes);
}

JoinToken parse_join_token(std::string_view text) {
  const std::string whole = without_white_space(text);
  const Bytes bytes = checked_bytes(digits_of(whole));
  Decoder in;
  in.open(View(bytes).subspan(length_size));
  in.array_of(3);
  JoinToken token;
  get(in, token.tracker);
  const View secret = in.bin(token.secret.size);
  get(in, token.addresses);
  in.finish();
  if (secret.size() != token.secret.size || token.addresses.empty())
    throw Error("the join token contains no secret or no address; create a new one");
  std::copy(secret.begin(), secret.end(), token.secret.bytes.begin());
  return token;
}

} // namespace p2pd::proto
