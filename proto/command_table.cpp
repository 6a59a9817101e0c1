// The rows of the command table.
#include "proto/commands.hpp"

#include <array>

namespace p2pd::proto {

namespace {

using enum Runs;

constexpr std::array no_parameters = std::array<Parameter, 0>{};

constexpr std::array publish_arguments{Parameter{
    .name = "path", .kind = Kind::path, .help = "files to share", .required = true, .each = true}};
constexpr std::array publish_options{
    Parameter{.name = "name", .help = "publish under this name instead of the file's own"},
    Parameter{.name = "chunk-size", .kind = Kind::size, .help = "a power of two, 16 KiB to 4 MiB"}};
constexpr std::array publish_examples{
    Example{"p2pctl publish /srv/images/debian.iso", "share a file under its own name"},
    Example{"p2pctl publish build.tar --name nightly", "share it as \"nightly\""}};

constexpr std::array unpublish_arguments{Parameter{.name = "content",
                                                   .kind = Kind::content,
                                                   .help = "a name, NAME@PEER or a prefix of an id",
                                                   .required = true}};
constexpr std::array unpublish_examples{
    Example{"p2pctl unpublish nightly", "stop offering it; the file stays"}};

constexpr std::array fetch_arguments{Parameter{.name = "content",
                                               .kind = Kind::content,
                                               .help = "names, NAME@PEER or prefixes of ids",
                                               .required = true,
                                               .each = true}};
constexpr std::array fetch_options{
    Parameter{.name = "output",
              .kind = Kind::path,
              .help = "a file, or a folder to put it in",
              .brief = "-o"},
    Parameter{.name = "force", .kind = Kind::flag, .help = "replace what is at the destination"}};
constexpr std::array fetch_examples{
    Example{"p2pctl fetch debian.iso", "into the download folder, from all who have it"},
    Example{"p2pctl fetch nightly@build-07 -o /srv/nightly.tar", "this publisher's, to this file"},
    Example{"p2pctl fetch 3fa1 99c0 -o /srv/images", "two contents at once, by id, into a folder"}};

constexpr std::array help_arguments{Parameter{.name = "command", .help = "the command to explain"}};

constexpr std::array table{
    Command{"status", "", on_both, "what this node is and does", no_parameters, no_parameters, {}},
    Command{"peers",
            "",
            on_both,
            "who is connected; on a tracker, who is registered",
            no_parameters,
            no_parameters,
            {}},
    Command{"files",
            "list",
            on_both,
            "the catalog: every content that can be fetched",
            no_parameters,
            no_parameters,
            {}},
    Command{"publish", "", on_peer, "hash files and offer them to everyone", publish_arguments,
            publish_options, publish_examples},
    Command{"unpublish", "", on_peer, "stop offering a content", unpublish_arguments, no_parameters,
            unpublish_examples},
    Command{"fetch", "", on_peer, "get contents, each from all its sources at once",
            fetch_arguments, fetch_options, fetch_examples},
    Command{"transfers",
            "",
            on_peer,
            "fetches that run, and those that ended",
            no_parameters,
            no_parameters,
            {}},
    Command{"shutdown", "", on_both, "stop the daemon cleanly", no_parameters, no_parameters, {}},
    Command{"secret new",
            "",
            without_daemon,
            "print a fresh network secret",
            no_parameters,
            no_parameters,
            {}},
    Command{"help",
            "",
            without_daemon,
            "explain a command, or list them all",
            help_arguments,
            no_parameters,
            {}},
};

} // namespace

std::span<const Command> commands() {
  return table;
}

} // namespace p2pd::proto
