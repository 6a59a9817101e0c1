#include "proto/ids.hpp"

namespace p2pd::proto {

std::string to_text(const ContentId& id) {
  return hex(id.bytes);
}
std::string to_text(const Digest& id) {
  return hex(id.bytes);
}
std::string to_text(const PeerId& id) {
  return base32(id.bytes);
}

std::optional<ContentId> content_id(std::string_view digits) {
  ContentId id;
  if (!from_hex(digits, id.bytes)) return std::nullopt;
  return id;
}

std::optional<PeerId> peer_id(std::string_view digits) {
  PeerId id;
  if (!from_base32(digits, id.bytes)) return std::nullopt;
  return id;
}

} // namespace p2pd::proto
