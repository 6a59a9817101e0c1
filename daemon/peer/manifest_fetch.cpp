#include "daemon/peer/manifest_fetch.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>

namespace p2pd::peer {

Content checked_manifest(const ContentId& content, std::shared_ptr<const proto::Bytes> bytes) {
  if (proto::content_id_of(*bytes) != content) return {};
  try {
    auto manifest = std::make_shared<const proto::Manifest>(proto::decode_manifest(*bytes));
    return {std::move(manifest), std::move(bytes), nullptr};
  } catch (const proto::Error&) {
    return {};
  }
}

ManifestFetch::ManifestFetch(io::Loop& loop, const ContentId& content, LinkUser& asker, Done done)
    : loop_(loop), content_(content), asker_(asker), done_(std::move(done)) {}

ManifestFetch::~ManifestFetch() {
  if (link_ != nullptr) link_->cancel(request_);
}

void ManifestFetch::add_source(Link& link) {
  candidates_.push_back(&link);
  ask_next();
}

void ManifestFetch::remove_source(Link& link) {
  std::erase(candidates_, &link);
  if (link_ != &link) return;
  link.cancel(request_);
  link_ = nullptr;
  ask_next();
}

void ManifestFetch::ask_next() {
  if (link_ != nullptr || job_.running() || candidates_.empty()) return;
  link_ = candidates_.front();
  candidates_.pop_front();
  bytes_.reset();
  received_ = 0;
  request_ = link_->request_manifest(content_, asker_);
}

bool ManifestFetch::is_current(const Link& link, proto::RequestId request) const {
  return &link == link_ && request == request_;
}

void ManifestFetch::on_size(Link& link, proto::RequestId request, std::uint32_t size) {
  if (!is_current(link, request) || bytes_ != nullptr) return;
  if (size == 0 || size > proto::max_manifest) throw proto::Error("a manifest of no legal size");
  bytes_ = std::make_shared<proto::Bytes>(size);
}

proto::MutableView ManifestFetch::segment_space(Link& link, const proto::Segment& segment) {
  if (!is_current(link, segment.request) || bytes_ == nullptr) return {};
  if (segment.offset != received_ || segment.length > bytes_->size() - received_)
    throw proto::Error("a segment out of order or beyond its manifest");
  return proto::MutableView(*bytes_).subspan(segment.offset, segment.length);
}

void ManifestFetch::on_segment(Link& link, const proto::Segment& segment) {
  received_ += segment.length;
  if (received_ < bytes_->size()) return;
  link.finished(request_);
  link_ = nullptr;
  check();
}

void ManifestFetch::check() {
  struct Checked {
    Content content;
    bool genuine;
  };
  job_ = io::run(
      loop_,
      [content = content_, bytes = std::shared_ptr<const proto::Bytes>(std::move(bytes_))] {
        Content checked = checked_manifest(content, bytes);
        const bool genuine = checked.manifest != nullptr || proto::content_id_of(*bytes) == content;
        return Checked{std::move(checked), genuine};
      },
      [this](Checked result) {
        if (result.genuine) return done_(std::move(result.content));
        base::log::warn("manifest", "a source sent a manifest that is not {}", to_text(content_));
        ask_next();
      });
}

void ManifestFetch::on_failed(Link& link, const proto::Failed& failed) {
  if (!is_current(link, failed.request)) return;
  link_ = nullptr;
  ask_next();
}

} // namespace p2pd::peer
