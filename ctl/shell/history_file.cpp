#include "ctl/shell/history_file.hpp"

#include "ctl/base/environment.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

constexpr std::size_t most_lines = 1000;

std::string state_folder() {
  if (const std::string_view named = environment("XDG_STATE_HOME"); named.starts_with('/'))
    return std::string(named);
  const std::string_view home = environment("HOME");
  return home.empty() ? "" : std::string(home) + "/.local/state";
}

} // namespace

HistoryFile::HistoryFile() {
  const std::string folder = state_folder();
  if (!folder.empty()) path_ = folder + "/p2pctl/history";
}

std::vector<std::string> HistoryFile::lines() const {
  std::vector<std::string> lines;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) lines.push_back(std::move(line));
  if (lines.size() <= most_lines) return lines;
  const bool long_file = lines.size() > 2 * most_lines;
  lines.erase(lines.begin(), lines.end() - most_lines);
  if (long_file) write(lines, O_TRUNC);
  return lines;
}

void HistoryFile::add(const std::string& line) const {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  if (std::filesystem::create_directories(folder.parent_path(), error); error) return;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return;
  write({line}, O_APPEND);
}

// In one write, so that sessions at the same time do not mix their lines.
void HistoryFile::write(const std::vector<std::string>& lines, int how) const {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, text.data(), text.size());
  ::close(file);
}

} // namespace p2pd::ctl
