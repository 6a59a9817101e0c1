#include "daemon/disk/layout.hpp"

#include <algorithm>

namespace p2pd::disk {

Layout::Layout(std::shared_ptr<const proto::Manifest> manifest) : manifest_(std::move(manifest)) {
  if (manifest_->single_file()) {
    starts_.push_back(0);
    return;
  }
  std::uint64_t start = 0;
  for (std::uint32_t i = 0; i < manifest_->entries.size(); ++i) {
    const proto::Entry& entry = manifest_->entries[i];
    if (entry.kind != proto::Entry::Kind::file && entry.kind != proto::Entry::Kind::executable)
      continue;
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

Layout::FileIndex Layout::file_at(proto::ByteOffset offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), number(offset));
  return static_cast<FileIndex>(after - starts_.begin()) - 1;
}

} // namespace p2pd::disk
