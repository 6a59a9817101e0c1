#include "daemon/library/selection.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <fnmatch.h>

namespace p2pd::library {

namespace {

using proto::ChunkIndex;
using proto::ChunkSet;
using proto::Entry;
using store::Layout;

bool matches(const std::vector<std::string>& globs, std::string path) {
  for (;;) {
    for (const std::string& glob : globs)
      if (::fnmatch(glob.c_str(), path.c_str(), 0) == 0) return true;
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return false;
    path.resize(slash);
  }
}

template <class Test>
ChunkSet chunks_where(const Layout& layout, Test&& test) {
  ChunkSet chunks(layout.manifest().chunks());
  for (std::uint32_t i = 0; i < chunks.chunks(); ++i)
    if (test(layout.share_of(ChunkIndex{i}))) chunks.add(ChunkIndex{i});
  return chunks;
}

} // namespace

disk::Result<Layout> choose_files(std::shared_ptr<const proto::Manifest> manifest,
                                  const std::vector<std::string>& only) {
  if (only.empty()) return Layout(std::move(manifest));
  if (manifest->single_file())
    return disk::fault(ENOTDIR, "it is a single file, not a folder; fetch it without --only");
  std::vector<bool> chosen;
  bool any = false;
  for (const Entry& entry : manifest->entries) {
    chosen.push_back(matches(only, entry.path));
    any = any || chosen.back();
  }
  if (!any)
    return disk::fault(ENOENT, fmt::format("none of its {} files and folders matches --only {}",
                                           chosen.size(), fmt::join(only, " or ")));
  return Layout(std::move(manifest), std::move(chosen));
}

ChunkSet wanted_chunks(const Layout& layout) {
  return chunks_where(layout, [](Layout::Share share) { return share != Layout::Share::none; });
}

ChunkSet whole_chunks(const Layout& layout) {
  return chunks_where(layout, [](Layout::Share share) { return share == Layout::Share::all; });
}

std::uint64_t bytes_of(const proto::Manifest& manifest, const ChunkSet& chunks) {
  std::uint64_t bytes = 0;
  chunks.each([&](ChunkIndex chunk) { bytes += manifest.length(chunk); });
  return bytes;
}

} // namespace p2pd::library
