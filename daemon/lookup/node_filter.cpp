#include "daemon/lookup/node_filter.hpp"

#include <algorithm>

namespace p2pd::lookup {

Fit NodeFilter::fit_of(const Node& node, const Word& word, const Known& known) {
  return lookup::fit_of(node, word.text, known(word.text));
}

void NodeFilter::hear_of(const Node& node, const Known& known) {
  for (Word& word : words_) word.best = std::max(word.best, fit_of(node, word, known));
}

bool NodeFilter::wants(const Node& node, const Known& known) const {
  return words_.empty() || std::any_of(words_.begin(), words_.end(), [&](const Word& word) {
           return fit_of(node, word, known) >= word.best;
         });
}

} // namespace p2pd::lookup
