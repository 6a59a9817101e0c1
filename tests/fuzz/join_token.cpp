// A join token comes out of a mail or a chat. Most inputs fail at its check; so that the rest of
// the parser is met as well, each input is tried both as the text and as what a right check covers.
#include "tests/fuzz/target.hpp"

#include "proto/error.hpp"
#include "proto/join_token.hpp"

#include <sodium.h>

using namespace p2pd::proto;
using p2pd::fuzz::require;

namespace {

void read(std::string_view words) try {
  const std::string text = to_text(parse_join_token(words));
  const JoinToken again = parse_join_token(text);
  require(to_text(again) == text && !again.addresses.empty());
} catch (const Error&) {
}

std::string enclosed(View value) {
  Bytes bytes{static_cast<std::uint8_t>(value.size() >> 8),
              static_cast<std::uint8_t>(value.size())};
  bytes.insert(bytes.end(), value.begin(), value.end());
  const std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal{
      'p', '2', 'p', 'd', '.', 'j', 'o', 'i', 'n'};
  std::array<std::uint8_t, 32> hash;
  crypto_generichash_blake2b_salt_personal(hash.data(), hash.size(), bytes.data(), bytes.size(),
                                           nullptr, 0, nullptr, personal.data());
  bytes.insert(bytes.end(), hash.begin(), hash.begin() + 4);
  return "p2pd1-" + base32(bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read(text({data, size}));
  if (size < 65'536) read(enclosed({data, size}));
  return 0;
}
