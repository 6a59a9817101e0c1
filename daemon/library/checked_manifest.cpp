#include "daemon/library/checked_manifest.hpp"

#include "proto/error.hpp"
#include "proto/manifest.hpp"

namespace p2pd::library {

Content checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes) {
  if (proto::content_id_of(*bytes) != content) return {};
  try {
    auto manifest = std::make_shared<const proto::Manifest>(proto::decode_manifest(*bytes));
    return {std::move(manifest), std::move(bytes), nullptr};
  } catch (const proto::Error&) {
    return {};
  }
}

} // namespace p2pd::library
