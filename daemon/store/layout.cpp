#include "daemon/store/layout.hpp"

#include <algorithm>
#include <unordered_set>

namespace p2pd::store {

namespace {

// Folders come before what they hold, so that one way back through the entries is enough.
void add_folders(const std::vector<proto::Entry>& entries, std::vector<bool>& chosen) {
  std::unordered_set<std::string_view> needed;
  for (std::size_t i = chosen.size(); i-- > 0;) {
    const std::string_view path = entries[i].path;
    if (needed.contains(path)) chosen[i] = true;
    const std::size_t slash = path.rfind('/');
    if (chosen[i] && slash != std::string_view::npos) needed.insert(path.substr(0, slash));
  }
}

} // namespace

Layout::Layout(std::shared_ptr<const proto::Manifest> manifest, std::vector<bool> chosen)
    : manifest_(std::move(manifest)), chosen_(std::move(chosen)) {
  assert(chosen_.empty() || chosen_.size() == manifest_->entries.size());
  add_folders(manifest_->entries, chosen_);
  if (manifest_->single_file()) {
    starts_.push_back(0);
    return;
  }
  std::uint64_t start = 0;
  for (std::uint32_t i = 0; i < manifest_->entries.size(); ++i) {
    const proto::Entry& entry = manifest_->entries[i];
    if (!entry.is_file()) continue;
    starts_.push_back(start);
    entries_.push_back(i);
    start += entry.size;
  }
}

std::uint64_t Layout::size(FileIndex file) const {
  const std::uint64_t end = file + 1 < starts_.size() ? starts_[file + 1] : manifest_->size;
  return end - starts_[file];
}

const std::string& Layout::path(FileIndex file) const {
  static const std::string itself;
  return entries_.empty() ? itself : manifest_->entries[entries_[file]].path;
}

Layout::Share Layout::share_of(proto::ChunkIndex chunk) const {
  if (chosen_.empty()) return Share::all;
  bool here = false;
  bool missing = false;
  each_piece(manifest_->offset(chunk), manifest_->length(chunk), [&](const Piece& piece) {
    (has_file(piece.file) ? here : missing) = true;
    return !(here && missing);
  });
  return !here ? Share::none : missing ? Share::some : Share::all;
}

Layout::FileIndex Layout::file_at(proto::ByteOffset offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), number(offset));
  return static_cast<FileIndex>(after - starts_.begin()) - 1;
}

} // namespace p2pd::store
