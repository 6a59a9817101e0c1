#include "ctl/shell/folders.hpp"

#include "ctl/render/text.hpp"

#include <algorithm>
#include <filesystem>

namespace p2pd::ctl {

namespace fs = std::filesystem;

std::vector<Candidate> paths_from(const std::string& begun) {
  const std::string folder = begun.substr(0, begun.rfind('/') + 1);
  const std::string start = begun.substr(folder.size());
  std::vector<Candidate> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(start) || (name.front() == '.' && start.empty()) || safe(name) != name)
      continue;
    std::error_code unknown;
    found.push_back({folder + name + (entry->is_directory(unknown) ? "/" : ""), ""});
  }
  std::ranges::sort(found, {}, &Candidate::text);
  return found;
}

} // namespace p2pd::ctl
