// What to say about a name that is no key and no section: most often a typing error.
// Thread: any; pure.
#pragma once

#include "daemon/base/config_document.hpp"

namespace p2pd::base {

// The closest of `known` within a third of the letters, at least two; "" = none is close.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

Problem unknown_section(const Section& section);
Problem unknown_key(std::string_view section, const Setting& setting);
Problem stray(const Setting& setting); // outside of every section

} // namespace p2pd::base
