#include "proto/manifest.hpp"

#include <algorithm>

namespace p2pd::proto {

namespace {

// Calls `step` for each part of the path between slashes, until it says false.
template <class Step>
bool each_step(std::string_view path, Step&& step) {
  while (true) {
    const std::size_t slash = path.find('/');
    if (!step(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

} // namespace

bool path_before(std::string_view a, std::string_view b) {
  const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c); };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [&](char x, char y) { return rank(x) < rank(y); });
}

bool safe_path(std::string_view path) {
  return path.size() <= 4096 && path.find('\0') == std::string_view::npos &&
         each_step(path, [](std::string_view step) {
           return !step.empty() && step != "." && step != ".." && step.size() <= 255;
         });
}

bool safe_target(std::string_view path, std::string_view target) {
  if (target.empty() || target.size() > 4096 || target.front() == '/' ||
      target.find('\0') != std::string_view::npos)
    return false;
  long depth = std::count(path.begin(), path.end(), '/'); // folders between the tree and the link
  bool down = false;
  return each_step(target, [&](std::string_view step) {
    if (step == "..") return !down && --depth >= 0;
    down = down || (!step.empty() && step != ".");
    return true;
  });
}

} // namespace p2pd::proto
