"""How an editor signs in."""

from unfold.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Addresses are stored in lower case and compared byte by byte; phones like to begin them with a capital."""

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()
