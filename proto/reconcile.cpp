#include "proto/reconcile.hpp"

#include "proto/message.hpp"

#include <algorithm>
#include <sodium.h>

namespace p2pd::proto {

namespace {

constexpr std::size_t group_size = 16;

Digest digest_of(View bytes) {
  constexpr std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> personal{
      'p', '2', 'p', 'd', '.', 't', 'o', 'l', 'd'};
  Digest digest;
  crypto_generichash_blake2b_salt_personal(digest.bytes.data(), digest.bytes.size(), bytes.data(),
                                           bytes.size(), nullptr, 0, nullptr, personal.data());
  return digest;
}

} // namespace

std::size_t group_count(std::size_t announcements) {
  return std::clamp<std::size_t>(announcements / group_size, 1, List<Digest, 256>::max);
}

std::size_t group_of(const ContentId& content, std::size_t groups) {
  return content.bytes[0] % groups;
}

List<Digest, 256> digests_of(std::vector<Publish> announcements, std::size_t groups) {
  std::ranges::sort(announcements, {},
                    [](const Publish& one) { return std::tie(one.content, one.name.bytes); });
  std::vector<Bytes> told(groups);
  for (Publish& one : announcements) {
    one.request = {};
    encode_frame(one, told[group_of(one.content, groups)]);
  }
  List<Digest, 256> digests;
  for (const Bytes& group : told) digests.push_back(digest_of(group));
  return digests;
}

} // namespace p2pd::proto
