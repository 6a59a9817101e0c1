// What `list` searches for, a glob or a substring of a name, and what a match costs. Pure. Thread:
// any.
#pragma once

#include <fnmatch.h>
#include <string>
#include <string_view>

namespace p2pd::tracker {

class Pattern final {
 public:
  explicit Pattern(std::string_view text)
      : text_(text), glob_(text.find_first_of("*?[") != std::string_view::npos) {}

  bool matches(const std::string& name) const {
    if (!glob_) return name.find(text_) != std::string::npos;
    return fnmatch(text_.c_str(), name.c_str(), 0) == 0;
  }
  // The common prefix of all matching names.
  std::string_view beginning() const {
    return glob_ ? std::string_view(text_).substr(0, text_.find_first_of("*?[\\")) : "";
  }
  // Cost of matching one name, about eight per microsecond: 255 bytes of stars take nine.
  std::size_t cost() const { return 1 + text_.size() / 4; }

 private:
  const std::string text_;
  const bool glob_;
};

} // namespace p2pd::tracker
