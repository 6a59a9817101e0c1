// Error messages for unknown keys and sections, with a suggestion: usually it is a typo.
// Thread: any; pure.
#pragma once

#include "daemon/base/config_document.hpp"

namespace p2pd::base {

// The closest of `known`, with an edit distance of at most a third of its length, or two; "" =
// none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

Problem unknown_section(const Section& section);
Problem unknown_key(std::string_view section, const Setting& setting);
Problem stray(const Setting& setting); // outside of all sections

} // namespace p2pd::base
