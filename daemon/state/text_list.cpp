#include "daemon/state/text_list.hpp"

#include <algorithm>

namespace p2pd::state {

std::string joined_lines(const std::vector<std::string>& list) {
  std::string lines;
  for (const std::string& text : list) {
    for (const char byte : text) {
      if (byte == '\n' || byte == '\\') lines += '\\';
      lines += byte == '\n' ? 'n' : byte;
    }
    lines += '\n';
  }
  return lines;
}

// Input that joined_lines() did not write is read as far as it makes sense.
std::vector<std::string> split_lines(std::string_view lines) {
  std::vector<std::string> list;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    std::string& text = list.emplace_back();
    for (std::size_t at = 0; at < line.size(); ++at) {
      const bool escaped = line[at] == '\\' && at + 1 < line.size();
      if (escaped) ++at;
      text += escaped && line[at] == 'n' ? '\n' : line[at];
    }
  }
  return list;
}

} // namespace p2pd::state
