// The only nodes that are wanted, by words (nodes.hpp), where nodes are heard of one after another:
// a word means those that fit it best of all that were heard of so far, several of them too.
// Thread: any; a value.
#pragma once

#include "daemon/lookup/nodes.hpp"

#include <functional>

namespace p2pd::lookup {

class NodeFilter final {
 public:
  // Who is known by a word as a name.
  using Known = std::function<std::optional<PeerId>(const std::string& word)>;

  explicit NodeFilter(const std::vector<std::string>& words) { // none: everybody is wanted
    for (const std::string& word : words) words_.push_back({word});
  }

  bool everybody() const { return words_.empty(); }
  void hear_of(const Node& node, const Known& known);
  bool wants(const Node& node, const Known& known) const;

 private:
  struct Word {
    std::string text;
    Fit best = Fit::beginning; // of those that were heard of
  };
  static Fit fit_of(const Node& node, const Word& word, const Known& known);

  std::vector<Word> words_;
};

} // namespace p2pd::lookup
