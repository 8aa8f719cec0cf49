def installed(*packages):
    """Returns the version of the first of these packages that is installed, or None."""
    try:
        from importlib.metadata import version
    except ImportError:
        try:
            from pkg_resources import get_distribution
        except ImportError:
            return None
        version = lambda name: get_distribution(name).version
    for package in packages:
        try:
            return version(package)
        except Exception:
            pass
    return None


# The cores of ARM's processors that devices of this kind have, by the "CPU part" of implementer 0x41.
ARM_CORES = {"0xd03": "Cortex-A53", "0xd04": "Cortex-A35", "0xd05": "Cortex-A55", "0xd07": "Cortex-A57", "0xd08": "Cortex-A72",
             "0xd09": "Cortex-A73", "0xd0a": "Cortex-A75", "0xd0b": "Cortex-A76", "0xd0d": "Cortex-A77", "0xd41": "Cortex-A78",
             "0xd42": "Cortex-A78AE", "0xd44": "Cortex-X1", "0xd0c": "Neoverse N1", "0xd40": "Neoverse V1"}


def arm_core(fields):
    return ARM_CORES.get(fields.get("CPU part", "")) if fields.get("CPU implementer") == "0x41" else None


def cpu_fields():
    """Returns the properties of a processor by their names in /proc/cpuinfo."""
    pairs = (line.split(":", 1) for line in read("/proc/cpuinfo").splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def instruction_sets():
    """Returns a short digest of the processor's instruction sets, on which the layout of prepared weights depends."""
    fields = cpu_fields()
    flags = sorted((fields.get("flags") or fields.get("Features") or "").split())
    return hashlib.sha256(" ".join([platform.machine()] + flags).encode()).hexdigest()[:8]


def last_processors(count):
    """Returns the last processors that this process may use, one of each core if there are enough cores: two hardware
    threads of one core slow each other down."""
    allowed = sorted(os.sched_getaffinity(0))
    siblings = "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list"
    cores = {read(siblings % index) or str(index): index for index in allowed}
    chosen = sorted(cores.values())[-count:]
    others = [index for index in allowed if index not in chosen]
    return sorted(chosen + others[len(others) - (count - len(chosen)):]) if len(chosen) < count else chosen


def lacking(kind):
    """Returns the first module or program that a runtime needs and that isn't there; None if all are."""
    from importlib.util import find_spec

    return next((name for name in kind.needs if not find_spec(name) and not shutil.which(name)), None)


def managed():
    """Returns whether the system doesn't let pip install packages into this Python (PEP 668)."""
    import sysconfig

    marker = os.path.join(sysconfig.get_path("stdlib") or "", "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and os.path.exists(marker)


def describe():
    """Returns texts and numbers that identify this machine."""
    fields = cpu_fields()
    system = "/sys/devices/system/cpu"
    clocks = [int(value) for value in (read(path) for path in glob.glob(system + "/cpu[0-9]*/cpufreq/cpuinfo_max_freq")) if value.isdigit()]
    clock = max(clocks) / 1e6 if clocks else float(fields.get("cpu MHz", 0)) / 1e3
    caches = {}
    for folder in glob.glob(system + "/cpu0/cache/index*"):
        level, kind, size = (read(folder + "/" + name) for name in ("level", "type", "size"))
        if kind != "Instruction" and size.endswith("K"):
            caches["l%s_kib" % level] = int(size[:-1])
    memory = [int(line.split()[1]) for line in read("/proc/meminfo").splitlines() if line.startswith("MemTotal")]
    release = [line.split("=", 1)[1].strip('"') for line in read("/etc/os-release").splitlines() if line.startswith("PRETTY_NAME=")]
    texts = {
        "processor": fields.get("model name") or fields.get("Hardware") or arm_core(fields) or platform.machine(),
        "model": read("/sys/firmware/devicetree/base/model"), "machine": platform.machine(), "host": platform.node(),
        "governor": read(system + "/cpu0/cpufreq/scaling_governor"), "kernel": platform.release(),
        "system": release[0] if release else "", "glibc": platform.libc_ver()[1], "python": platform.python_version(),
        "virtual": "yes" if "hypervisor" in fields.get("flags", "") else "",
    }
    runtimes, lacks = {}, {}
    for name, kind in RUNTIMES.items():
        version, lack = installed(kind.package, *kind.variants), lacking(kind)
        if version and lack:
            lacks[name] = lack
        elif version:
            runtimes[name] = version
        if version and kind.converter and not kind.find_converter():
            lacks[name + "-onnx"] = kind.converter
    numbers = {"cores": os.cpu_count() or 1, "clock_ghz": round(clock, 3), "memory_gib": round(sum(memory) / 1048576, 2)}
    numbers.update(caches)
    return {"texts": {name: text for name, text in texts.items() if text}, "numbers": numbers, "runtimes": runtimes,
            "lacking": lacks, "managed": managed()}


class Load:
    """The processor time of other processes, over a window that is long compared with the kernel's ticks of 10 ms."""

    WINDOW = 0.3

    def __init__(self):
        self.ticks = float(os.sysconf("SC_CLK_TCK"))
        self.past = [self.now()]

    def now(self):
        values = [int(value) for value in read("/proc/stat").split("\n", 1)[0].split()[1:9]] or [0] * 8
        user, nice, kernel, _, _, interrupt, soft, steal = values
        return time.perf_counter(), (user + nice + kernel + interrupt + soft) / self.ticks, steal / self.ticks, time.process_time()

    def age(self):
        """Returns the seconds since the load was last looked at."""
        return time.perf_counter() - self.past[-1][0]

    def look(self):
        """Returns the number of processors that other processes keep busy, and the hypervisor's share of steal time."""
        now = self.now()
        while len(self.past) > 1 and now[0] - self.past[1][0] >= self.WINDOW:
            self.past.pop(0)
        then = self.past[0]
        self.past.append(now)
        seconds = max(now[0] - then[0], 1e-3)
        return max(0.0, (now[1] - then[1] - (now[3] - then[3])) / seconds), (now[2] - then[2]) / seconds / (os.cpu_count() or 1)


def waited():
    """Returns the nanoseconds that threads of this process were runnable but waited for a processor."""
    total = 0
    for thread in os.listdir("/proc/self/task"):
        fields = read("/proc/self/task/%s/schedstat" % thread).split()
        total += int(fields[1]) if len(fields) == 3 else 0
    return total


def throttle_files(root="/sys/devices/platform"):
    """Returns the file in which a Raspberry Pi's firmware says whether it limits the clock, as a list that is empty on other
    devices. It is below soc on a Pi 4 and below soc@107c000000 on a Pi 5."""
    return sorted(glob.glob(glob.escape(root) + "/soc*/*firmware/get_throttled"))[:1]


THROTTLE_FILES = throttle_files()
THERMOMETERS = glob.glob("/sys/class/thermal/thermal_zone*/temp")


def limited():
    """Returns whether a Raspberry Pi's firmware limits the clock at the moment."""
    # The bits 1 to 3 are: the clock is capped, throttled, limited by temperature. Bit 0 is a low voltage.
    try:
        return any(int(read(path, "0"), 16) & 0xE for path in THROTTLE_FILES)
    except ValueError:
        return False


def clocks(processors):
    """Returns the current clocks in MHz, the highest temperature in °C, the number of throttling events, and whether a
    Raspberry Pi's firmware limits its clock at the moment."""
    system = "/sys/devices/system/cpu/cpu%d/"
    now = [read((system + "cpufreq/scaling_cur_freq") % index) for index in processors]
    heat = [read(path) for path in THERMOMETERS]
    heat = [int(value) / 1000.0 for value in heat if value.lstrip("-").isdigit()]
    count = sum(int(read((system + "thermal_throttle/core_throttle_count") % index, "0") or 0) for index in processors)
    return {"clock": [int(value) // 1000 for value in now if value.isdigit()], "heat": max(heat) if heat else None,
            "throttled": count, "limited": limited()}


def busiest(seconds=0.25):
    """Returns the names of the three processes that use most processor time during `seconds`, over which it waits."""

    def times():
        found = {}
        for path in glob.glob("/proc/[0-9]*/stat"):
            text = read(path)
            if ")" in text:
                fields = text.rsplit(")", 1)[1].split()
                found[path] = (text.split("(", 1)[1].rsplit(")", 1)[0], int(fields[11]) + int(fields[12]))
        return found

    before = times()
    time.sleep(seconds)
    spent = [(value - before.get(path, (name, value))[1], name) for path, (name, value) in times().items()]
    return [name for ticks, name in sorted(spent, reverse=True)[:3] if ticks > 0]
