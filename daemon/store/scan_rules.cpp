#include "daemon/store/scan_rules.hpp"

#include "daemon/disk/outcome.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fnmatch.h>
#include <limits>

namespace p2pd::store {

namespace {

constexpr std::size_t most_named = 10;

using Steps = std::vector<std::string>;

Steps steps_of(std::string_view path) {
  Steps steps;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('/'));
    if (!step.empty() && step != ".") steps.emplace_back(step);
    path.remove_prefix(std::min(step.size() + 1, path.size()));
  }
  return steps;
}

std::string text_of(const Steps& steps) {
  std::string text;
  for (const std::string& step : steps) text += (text.empty() ? "" : "/") + step;
  return text;
}

} // namespace

std::optional<SymlinkRule> symlink_rule(std::string_view word) {
  if (word == "keep") return SymlinkRule::keep;
  if (word == "follow") return SymlinkRule::follow;
  if (word == "refuse") return SymlinkRule::refuse;
  return std::nullopt;
}

bool excludes(const std::vector<std::string>& globs, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  for (const std::string& glob : globs) {
    const std::string& tried = glob.find('/') == std::string::npos ? name : path;
    if (::fnmatch(glob.c_str(), tried.c_str(), 0) == 0) return true;
  }
  return false;
}

std::optional<std::string> inner_target(std::string_view path, std::string_view target,
                                        const std::function<bool(const std::string&)>& is_folder) {
  if (proto::safe_target(path, target)) return std::string(target);
  if (target.empty() || target.front() == '/') return std::nullopt;
  Steps at = steps_of(path); // where the steps have led so far
  at.pop_back();
  Steps left;
  for (const std::string& step : steps_of(target)) {
    if (step != "..") {
      at.push_back(step);
      left.push_back(step);
      continue;
    }
    if (at.empty()) return std::nullopt;
    const bool taken_back = !left.empty() && left.back() != "..";
    if (taken_back && !is_folder(text_of(at))) return std::nullopt;
    at.pop_back();
    if (taken_back)
      left.pop_back();
    else
      left.push_back("..");
  }
  std::string inner = left.empty() ? "." : text_of(left);
  if (!proto::safe_target(path, inner)) return std::nullopt;
  return inner;
}

void TreeSize::add(const proto::Entry& entry) {
  ++entries;
  encoded += proto::encoded_size(entry);
  bytes += std::min(entry.size, std::numeric_limits<std::uint64_t>::max() - bytes);
}

std::string TreeSize::excess() const {
  if (bytes > proto::max_content_size)
    return fmt::format("{} bytes, and {} are the limit", bytes, proto::max_content_size);
  if (entries > proto::max_entries)
    return fmt::format("{} files and folders, and {} are the limit", entries, proto::max_entries);
  const std::uint64_t chunks = proto::chunk_count(bytes, proto::default_chunk_size(bytes));
  const std::uint64_t manifest = proto::max_manifest_head + encoded + chunks * proto::Digest::size;
  if (manifest <= proto::max_manifest) return "";
  return fmt::format("its {} files and folders need a manifest of {} bytes, and {} are the limit",
                     entries, manifest, proto::max_manifest);
}

void Offences::add(const std::string& path, std::string_view what) {
  if (count_++ < most_named)
    named_ += fmt::format("{}{} {}", named_.empty() ? "" : "; ", disk::in_quotes(path), what);
}

std::string Offences::message(const std::string& top) const {
  const std::string more =
      count_ > most_named ? fmt::format("; and {} more", count_ - most_named) : "";
  return fmt::format("{} cannot be published as it is, for {} of what is in it: {}{}; leave that "
                     "out with --exclude or --skip-special, or mend it",
                     disk::in_quotes(top), count_, named_, more);
}

} // namespace p2pd::store
