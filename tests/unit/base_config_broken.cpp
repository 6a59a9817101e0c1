// Broken configs, each with the exact lines that people see. `mistakes` leaves out the file's name.
#include "tests/unit/base_config_fixture.hpp"

namespace p2pd::base {
namespace {

struct Broken {
  const char* config;
  const char* lines;
  const char* with_toml11_4 = nullptr; // where that version sees another fault, or elsewhere
};
class ConfigBroken : public ::testing::TestWithParam<Broken> {};

TEST_P(ConfigBroken, SaysWhereWhatAndTheRemedy) {
  const std::string said = mistakes(GetParam().config);
  const char* other = GetParam().with_toml11_4;
  EXPECT_TRUE(said == GetParam().lines || (other && said == other)) << "it says\n"
                                                                    << said << "\nand not\n"
                                                                    << GetParam().lines;
}

const Broken names[] = {
    {"[netwrok]\nlisten = []", "1:2: there is no section [netwrok]: did you mean [network]?"},
    {"[peer]\n[daemon]\nx = 1",
     "2:2: there is no section [daemon]: the sections are [node], [network], "
     "[control], [peer], [limits], [tracker], [http]"},
    {"[peer]\nupload-slots = 3",
     "2:1: [peer] has no key \"upload-slots\": did you mean upload_slots?"},
    {"[peer]\n  shrae = []", "2:3: [peer] has no key \"shrae\": did you mean share?"},
    {"[node]\ntrackers = [\"a:1\"]", "2:1: [node] has no key \"trackers\": move it to [peer]"},
    {"[http]\nport = 80", "2:1: [http] has no key \"port\": its keys are listen, behind_tls_proxy"},
    {"role = \"tracker\"", "1:1: \"role\" stands before all sections: put it below [node]"},
    {"colour = 1",
     "1:1: \"colour\" stands before all sections, which are [node], [network], [control], "
     "[peer], [limits], [tracker], [http]: put it below its own"},
    {"node = 3", "1:1: \"node\" is a section: write [node] and its keys below it"},
    {"[[peer]]\nshare = []", "1:3: \"peer\" is a section: write [peer] and its keys below it"},
    {"peer = { slots = 1 }",
     "1:10: [peer] has no key \"slots\": its keys are trackers, share, "
     "download_dir, writable, download_group, download_umask, auto_publish, "
     "auto_publish_exclude, auto_fetch, fetch_max_size, upload_slots, scrub, "
     "on_complete, on_failed"},
    {"[node.name]\nx = 1",
     "1:1: [node] name takes a text of 1 to 64 bytes without blanks, '/', '@' and "
     "':', and this is a section: write name = \"build-07\""},
};

const Broken types[] = {
    {"[node]\nrole = 3",
     "2:8: [node] role takes \"peer\" or \"tracker\", and this is a whole number: "
     "write role = \"tracker\""},
    {"[network]\nbeacon = \"yes\"",
     "2:10: [network] beacon takes true or false, and this is a text: write beacon = false"},
    {"[peer]\nshare = \"/srv\"",
     "2:9: [peer] share takes a list of absolute paths, and this is a text: "
     "write share = [\"/srv/images\"]"},
    {"[peer]\nshare = [\n  \"/srv\",\n  7,\n]",
     "4:3: [peer] share takes a list of absolute paths, and this "
     "is a whole number: write share = [\"/srv/images\"]"},
    {"[peer]\nupload_slots = \"16\"",
     "2:16: [peer] upload_slots takes a whole number from 1 to 10000, and "
     "this is a text: write upload_slots = 32"},
    {"[peer]\nupload_slots = 1.5",
     "2:16: [peer] upload_slots takes a whole number from 1 to 10000, and "
     "this is a fraction: write upload_slots = 32"},
    {"[limits]\nmemory = true",
     "2:10: [limits] memory takes a size from 16 MiB to 1 TiB, and this is true "
     "or false: write memory = \"256 MiB\""},
    {"[limits]\nupload = [1]",
     "2:10: [limits] upload takes a rate from 1 kB/s to 1 TB/s, or 0 for no "
     "limit, and this is a list: write upload = \"50 MB/s\""},
    {"[tracker]\npeer_timeout = 07:32:00",
     "2:16: [tracker] peer_timeout takes a time from 100 ms to 1 h, "
     "and this is a date or a time: write peer_timeout = \"10 s\""},
};

const Broken ranges[] = {
    {"[node]\nrole = \"seeder\"",
     "2:8: [node] role: \"seeder\" is not known: write \"peer\" or \"tracker\""},
    {"[node]\nlog_level = \"verbose\"",
     "2:13: [node] log_level: \"verbose\" is not known: write \"error\", "
     "\"warn\", \"info\" or \"debug\""},
    {"[peer]\nupload_slots = 0",
     "2:16: [peer] upload_slots: 0 is out of range: write a whole number from 1 to 10000"},
    {"[peer]\nupload_slots = -1",
     "2:16: [peer] upload_slots: -1 is out of range: write a whole number from 1 to 10000"},
    {"[limits]\nschedule = [\"Mo 08:00-18:00 upload=5MB/s\"]",
     "2:13: [limits] schedule: \"Mo\" is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun"},
    {"[limits]\nconnections = 4294967297",
     "2:15: [limits] connections: 4294967297 is out of range: write a "
     "whole number from 1 to 1000000"},
    {"[limits]\nmemory = \"1 MiB\"",
     "2:10: [limits] memory: \"1 MiB\" is out of range: write a size from 16 MiB to 1 TiB"},
    {"[limits]\nmemory = 64",
     "2:10: [limits] memory: \"64\" is out of range: write a size from 16 MiB to 1 TiB"},
    {"[limits]\nmemory = -1",
     "2:10: [limits] memory: \"-1\" does not begin with a number: write for example 64 MiB"},
    {"[limits]\nmemory = \"64 mib\"",
     "2:10: [limits] memory: \"64 mib\" has the unknown unit \"mib\": write "
     "B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB"},
    {"[limits]\nupload = \"50 MB\"",
     "2:10: [limits] upload: \"50 MB\" is not a rate: write for example 50 "
     "MB/s, or 0 for no limit"},
    {"[limits]\ndownload = \"100 B/s\"",
     "2:12: [limits] download: \"100 B/s\" is out of range: write a rate "
     "from 1 kB/s to 1 TB/s, or 0 for no limit"},
    {"[limits]\ndownload = \"100 Mbit/s\"",
     "2:12: [limits] download: \"100 Mbit/s\" counts bits: write bytes, 8 Mbit are 1 MB"},
    {"[tracker]\npeer_timeout = 30",
     "2:16: [tracker] peer_timeout: \"30\" has no unit: write ms, s, min, h or d behind it"},
    {"[tracker]\npeer_timeout = \"0\"",
     "2:16: [tracker] peer_timeout: \"0\" is out of range: write a time from 100 ms to 1 h"},
    {"[peer]\nscrub = \"10 ms\"",
     "2:9: [peer] scrub: \"10 ms\" is out of range: write a time from 1 s to "
     "3650 d, or 0 for never"},
    {"[node]\nname = \"\"",
     "2:8: [node] name: \"\" is no node name: write 1 to 64 bytes of text without "
     "blanks, '/', '@' and ':'"},
    {"[node]\nname = \"a b\"",
     "2:8: [node] name: \"a b\" is no node name: write 1 to 64 bytes of text "
     "without blanks, '/', '@' and ':'"},
    {"[control]\ngroup = \"wheel\"",
     "2:9: [control] group: this machine has no group \"wheel\": create it "
     "with `groupadd --system wheel`, or name another"},
    {"[peer]\ndownload_umask = \"27\"",
     "2:18: [peer] download_umask: \"27\" is no umask: write 3 octal digits, such as \"027\""},
    {"[peer]\ndownload_umask = \"777\"",
     "2:18: [peer] download_umask: \"777\" takes rights from p2pd itself: write one that begins "
     "with 0, such as \"027\""},
    {"[peer]\ndownload_group = \"media\"",
     "2:18: [peer] download_group: this machine has no group \"media\": create it "
     "with `groupadd --system media`, or name another"},
    {"[peer]\nauto_publish_exclude = [\"\"]",
     "2:25: [peer] auto_publish_exclude: a glob is empty: write \"*\" to leave out everything"},
    {"[peer]\nauto_fetch = [\"\"]",
     "2:15: [peer] auto_fetch: a glob is empty: write \"*\" to fetch everything"},
    {"[peer]\nauto_fetch = [\"a@oanz3x3lqk6x4m7w2c3yhr5t4b6n7j2qf3d4s5g6h7a2m3k4p51\"]",
     "2:15: [peer] auto_fetch: \"oanz3x3lqk6x4m7w2c3yhr5t4b6n7j2qf3d4s5g6h7a2m3k4p51\" is no peer "
     "id: "
     "write the 52 letters and digits that \"p2pctl status\" shows on the publisher"},
    {"[peer]\nauto_fetch = [\"a\", \"b/c\"]",
     "2:20: [peer] auto_fetch: \"b/c\" holds a '/', which no name "
     "has: write a glob of names, such as \"*.iso\""},
    {"[peer]\non_failed = [\"mail\", \"-s\"]",
     "2:14: [peer] on_failed: \"mail\" is no absolute path: a hook runs without a shell and "
     "without $PATH, "
     "write for example \"/usr/bin/mail\""},
    {"[http]\nlisten = \"0.0.0.0:80\"",
     "2:10: [http] listen: other machines reach \"0.0.0.0:80\", and HTTP has no encryption: write "
     "\"127.0.0.1:80\", or set behind_tls_proxy = true where a TLS proxy stands before it"},
};

const Broken paths[] = {
    {"[node]\nrole = \"a\\nb\\u001b\"",
     "2:8: [node] role: \"a\\u000ab\\u001b\" is not known: write \"peer\" "
     "or \"tracker\""},
    {"[node]\nstate_dir = \"state\"",
     "2:13: [node] state_dir: \"state\" is a relative path: write it from "
     "the root, such as \"/srv/state\""},
    {"[node]\nstate_dir = \"\"",
     "2:13: [node] state_dir: the path is empty: write an absolute one, such as \"/srv/p2pd\""},
    {"[peer]\ndownload_dir = \"~/in\"",
     "2:16: [peer] download_dir: \"~/in\" needs a user's home, and this "
     "is a system service: write an absolute path"},
    {"[peer]\nshare = [\"/a\", \"~bob/b\"]",
     "2:16: [peer] share: \"~bob/b\" names another user's home: write an absolute path"},
    {"[peer]\nwritable = [\"/a\\u0000b\"]",
     "2:13: [peer] writable: the text holds a NUL byte: remove it"},
    {"[control]\nsocket = "
     "\"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
     "2:10: [control] socket: the path is 108 bytes long, and a socket's has at most 107: write a "
     "shorter "
     "one"},
};

const Broken addresses[] = {
    {"[network]\nlisten = []",
     "2:10: [network] listen: contains no address: write \"[::]:0\" and \"0.0.0.0:0\" for ports "
     "that the system chooses"},
    {"[network]\nlisten = [\"*:7440\"]",
     "2:11: [network] listen: \"*:7440\" names no address: write "
     "[::]:7440 and 0.0.0.0:7440 for all of them"},
    {"[network]\nlisten = [\"localhost:7440\"]",
     "2:11: [network] listen: \"localhost:7440\" holds a name: "
     "listen at an IP address, such as 127.0.0.1:7440"},
    {"[network]\nlisten = [\"127.0.0.1\"]",
     "2:11: [network] listen: \"127.0.0.1\" has no port: write 127.0.0.1:7440"},
    {"[network]\nlisten = [\"[::1]\"]",
     "2:11: [network] listen: \"[::1]\" has no port: write [::1]:7440"},
    {"[network]\nlisten = [\"::1:7440\"]",
     "2:11: [network] listen: \"::1:7440\" holds several colons: an "
     "IPv6 address stands in brackets, [::1]:7440"},
    {"[network]\nlisten = [\"[::1:7440\"]",
     "2:11: [network] listen: \"[::1:7440\" has no closing ]: write [::1]:7440"},
    {"[network]\nlisten = [\"[::1]7440\"]",
     "2:11: [network] listen: \"[::1]7440\" has no : between ] and the port: write [::1]:7440"},
    {"[network]\nlisten = [\"[1.2.3.4]:1\"]",
     "2:11: [network] listen: \"[1.2.3.4]:1\" holds \"1.2.3.4\", which is no IPv6 address"},
    {"[network]\nlisten = [\"0.0.0.0:65536\"]",
     "2:11: [network] listen: \"0.0.0.0:65536\" has the port "
     "\"65536\": a port is a number from 0 to 65535"},
    {"[network]\nlisten = [\"0.0.0.0:http\"]",
     "2:11: [network] listen: \"0.0.0.0:http\" has the port "
     "\"http\": a port is a number from 0 to 65535"},
    {"[network]\nlisten = [\"1.2.3.4:1\", \"1.2.3.4:2\", \"1.2.3.4:1\"]",
     "2:37: [network] listen: \"1.2.3.4:1\" stands twice in the list: remove one of the two"},
    {"[network]\nadvertise = [\"0.0.0.0:7440\"]",
     "2:14: [network] advertise: \"0.0.0.0:7440\" cannot be dialled: write the address of one "
     "machine"},
    {"[network]\nadvertise = [\"1.2.3.400:1\"]",
     "2:14: [network] advertise: \"1.2.3.400:1\" holds \"1.2.3.400\", which is no IPv4 address"},
    {"[peer]\ntrackers = [\"\"]",
     "2:13: [peer] trackers: \"\" is empty: write an address and a port, such as 192.0.2.7:7440"},
    {"[peer]\ntrackers = [\"tracker:0\"]",
     "2:13: [peer] trackers: \"tracker:0\" has the port \"0\": a port is a number from 1 to 65535"},
    {"[peer]\ntrackers = [\"http://t:1\"]",
     "2:13: [peer] trackers: \"http://t:1\" holds several colons: an "
     "IPv6 address stands in brackets, [::1]:7440"},
    {"[peer]\ntrackers = [\"a b:1\"]",
     "2:13: [peer] trackers: \"a b:1\" holds \"a b\", which is neither an "
     "IP address nor a host name"},
    {"[peer]\ntrackers = [\"me@tracker:1\"]", "2:13: [peer] trackers: \"me@tracker:1\" has no peer "
                                              "id before the @: one is 52 letters a-z and digits "
                                              "2-7, as `p2pctl status` prints it"},
};

// A mistake in the TOML itself is the only one that is reported.
const Broken syntax[] = {
    {"[node]\nrole = tracker",
     "2:8: this is no value: put a text in quotes; only numbers, true and false "
     "stand without"},
    {"[node]\nstate_dir = /srv",
     "2:13: this is no value: put a text in quotes; only numbers, true and "
     "false stand without"},
    {"[limits]\nupload = 50 MB/s",
     "2:13: the value ends before the line does: put a text in quotes, and "
     "one key on a line"},
    {"[node]\nrole = \"tracker\n[bad]",
     "2:8: the text does not end, or has an unknown \\ in it: write "
     "\"text\", and \\\\ for \\",
     "2:16: the text does not end, or has an unknown \\ in it: write "
     "\"text\", and \\\\ for \\"},
    {"[peer]\nshare = [\"/a\", \"/b\"\nwritable = []",
     "3:1: the list does not end here: put a comma between "
     "its members and ] behind the last",
     "3:13: the list does not end here: put a comma between "
     "its members and ] behind the last"},
    {"[node]\nrole \"peer\"", "2:5: there is no = behind the key: write key = value, or [section]",
     "2:6: there is no = behind the key: write key = value, or [section]"},
    {"[node]\nrole =", "2:7: there is no value behind the =: write one, or remove the line",
     "2:7: this is no value: put a text in quotes; only numbers, true and false stand without"},
    {"[node]\nrole = \"peer\"\nrole = \"peer\"",
     "3:8: this stands twice in the file: remove one of the two",
     "3:1: this stands twice in the file: remove one of the two"},
    {"[node]\n[peer]\n[node]", "3:1: this stands twice in the file: remove one of the two"},
    {"[node\nrole = 1", "1:1: this is neither a key nor a section: write key = value, or [section]",
     "1:6: this is neither a key nor a section: write key = value, or [section]"},
    {"[node]\nsite = \"\xff\"", "2:9: this is not UTF-8: save the file as UTF-8"},
    {"# \xc3\xa9\n[node]\nsite = 'a\xc3'", "3:10: this is not UTF-8: save the file as UTF-8"},
    {"[peer]\nupload_slots = 08",
     "2:16: this is not TOML (bad integer: leading zero): correct it, or put a text in quotes",
     "2:17: this is not TOML (bad integer: invalid digit after an integer): correct it, or put a "
     "text in quotes"},
};

INSTANTIATE_TEST_SUITE_P(Names, ConfigBroken, ::testing::ValuesIn(names));
INSTANTIATE_TEST_SUITE_P(Types, ConfigBroken, ::testing::ValuesIn(types));
INSTANTIATE_TEST_SUITE_P(Ranges, ConfigBroken, ::testing::ValuesIn(ranges));
INSTANTIATE_TEST_SUITE_P(Paths, ConfigBroken, ::testing::ValuesIn(paths));
INSTANTIATE_TEST_SUITE_P(Addresses, ConfigBroken, ::testing::ValuesIn(addresses));
INSTANTIATE_TEST_SUITE_P(Syntax, ConfigBroken, ::testing::ValuesIn(syntax));

} // namespace
} // namespace p2pd::base
